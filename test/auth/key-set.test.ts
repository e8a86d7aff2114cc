import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { readKeySet, SIGNATURE_ALGORITHMS } from '../../src/auth/key-set.ts'
import { createKey } from './fictional-issuer.ts'

const EC = createKey('ES256', 'ec').publicJwk
const RSA = createKey('RS256', 'rsa').publicJwk
const OKP = createKey('EdDSA', 'okp').publicJwk

const without = (jwk: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)))

const read = (...keys: readonly unknown[]) =>
  readKeySet(Buffer.from(JSON.stringify({ keys })), SIGNATURE_ALGORITHMS)

const refusedAs = (code: string) => ({ name: 'KeySetFault', code })

function rsaJwk(bits: number, publicExponent = 65537): JsonWebKey {
  return generateKeyPairSync('rsa', { modulusLength: bits, publicExponent }).publicKey.export({
    format: 'jwk',
  })
}

const ecJwk = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' })

const flipLast = (text: string) => text.slice(0, -2) + (text.at(-2) === 'A' ? 'E' : 'A') + text.slice(-1)

describe('readKeySet', () => {
  it('imports a key for each algorithm that it is meant for', async () => {
    const set = await read(EC, OKP, without(RSA, 'alg'))
    const algorithms = [...set.byKeyId].map(([kid, key]) => [kid, [...key.imported.keys()]])
    expect(algorithms).toEqual([
      ['ec', ['ES256']],
      ['okp', ['EdDSA']],
      ['rsa', ['RS256', 'PS256']],
    ])
  })

  it('gives a sole key to tokens that name none, also without a kid', async () => {
    const set = await read(without(EC, 'kid'))
    expect(set.sole?.kid).toBeNull()
  })

  it('gives no sole key when there are several', async () => {
    expect((await read(EC, OKP)).sole).toBeNull()
  })

  it('knows a key by its material, its kid and its alg', async () => {
    const variants = [EC, { ...EC, kid: 'other' }, without(EC, 'kid'), createKey('ES256', 'ec').publicJwk]
    const sets = await Promise.all(variants.map((key) => read(key)))
    expect(new Set(sets.flatMap((set) => [...set.ids])).size).toBe(4)
  })

  it.each([
    ['an encryption key', { ...RSA, kid: 'enc', use: 'enc', alg: 'RSA-OAEP' }],
    ['an encryption key that names no algorithm', { ...without(RSA, 'alg'), kid: 'enc', use: 'enc' }],
    [
      'a key whose operations are others',
      { ...without(RSA, 'use', 'alg'), kid: 'enc', key_ops: ['encrypt'] },
    ],
    [
      'a key of an algorithm that is not accepted',
      { ...ecJwk('P-384'), kid: 'es384', use: 'sig', alg: 'ES384' },
    ],
    ['a key of another curve', { ...ecJwk('secp256k1'), kid: 'k1', use: 'sig' }],
    ['a key of an unknown type', { kty: 'AKP', alg: 'ML-DSA-44', kid: 'pq', pub: 'AAAA' }],
  ])('leaves out %s, which an issuer may have for others', async (_what, other) => {
    expect([...(await read(EC, other)).byKeyId.keys()]).toEqual(['ec'])
    await expect(read(other)).rejects.toMatchObject(refusedAs('NO_USABLE_KEY'))
  })

  it('leaves out a good key when its algorithm is not accepted', async () => {
    const set = Buffer.from(JSON.stringify({ keys: [RSA] }))
    await expect(readKeySet(set, ['ES256', 'PS256'])).rejects.toMatchObject(refusedAs('NO_USABLE_KEY'))
  })

  it.each([
    ['a private EC key', { ...EC, d: 'AAAA' }],
    ['a private member of RSA', { ...RSA, dp: 'AAAA' }],
    ['a symmetric key', { kty: 'oct', kid: 'hs', alg: 'HS256', k: 'AAAA' }],
    ['a symmetric key that hides its type', { kty: 'EC', kid: 'hs', k: 'AAAA' }],
    ['a private encryption key', { ...EC, use: 'enc', d: 'AAAA' }],
  ])('refuses a whole set with %s', async (_what, key) => {
    await expect(read(OKP, key)).rejects.toMatchObject(refusedAs('PRIVATE_KEY'))
  })

  it.each([
    ['two keys of one kid', [EC, { ...OKP, kid: 'ec' }], 'DUPLICATE_KEY_ID'],
    ['one kid for signing and encryption', [EC, { ...RSA, kid: 'ec', use: 'enc' }], 'DUPLICATE_KEY_ID'],
    ['a key without a kid among several', [EC, without(OKP, 'kid')], 'MISSING_KEY_ID'],
    ['a kid that is no text', [{ ...EC, kid: 1 }], 'MALFORMED_KEY'],
    ['a kid with a line end', [{ ...EC, kid: 'a\nb' }], 'MALFORMED_KEY'],
    ['a key to sign with and to encrypt with', [{ ...EC, key_ops: ['verify', 'encrypt'] }], 'MIXED_USE'],
    ['a key whose use and operations disagree', [{ ...EC, key_ops: ['encrypt'] }], 'MIXED_USE'],
    ['an encryption key that verifies', [{ ...EC, use: 'enc', key_ops: ['verify'] }], 'MIXED_USE'],
    ['operations that are no list', [{ ...EC, key_ops: 'verify' }], 'MALFORMED_KEY'],
    ['an RSA key for ES256', [{ ...RSA, alg: 'ES256' }], 'WRONG_KEY_TYPE'],
    ['an EC key for RS256', [{ ...EC, alg: 'RS256' }], 'WRONG_KEY_TYPE'],
    ['a P-384 key for ES256', [{ ...ecJwk('P-384'), kid: 'x', alg: 'ES256' }], 'WRONG_KEY_TYPE'],
    ['an X25519 key for EdDSA', [{ ...OKP, crv: 'X25519' }], 'WRONG_KEY_TYPE'],
    ['a point that is not on the curve', [{ ...EC, y: flipLast(EC.y!) }], 'MALFORMED_KEY'],
    ['a coordinate that is too short', [{ ...EC, x: 'AAAA' }], 'MALFORMED_KEY'],
    ['a coordinate with padding', [{ ...EC, x: `${EC.x!}=` }], 'MALFORMED_KEY'],
    ['no modulus', [without(RSA, 'n')], 'MALFORMED_KEY'],
    ['an RSA key of 1024 bits', [{ ...rsaJwk(1024), alg: 'RS256' }], 'WEAK_KEY'],
    ['an RSA key of 2047 bits', [{ ...RSA, n: Buffer.alloc(256, 0x7f).toString('base64url') }], 'WEAK_KEY'],
    ['an RSA key of 16384 bits', [{ ...RSA, n: Buffer.alloc(2048, 0xff).toString('base64url') }], 'WEAK_KEY'],
    ['an exponent of 3', [{ ...rsaJwk(2048, 3), alg: 'RS256' }], 'WEAK_KEY'],
    ['an exponent of 1', [{ ...RSA, e: 'AQ' }], 'WEAK_KEY'],
    ['an even exponent', [{ ...RSA, e: 'AQAC' }], 'WEAK_KEY'],
    ['a huge exponent', [{ ...RSA, e: RSA.n }], 'WEAK_KEY'],
    ['no keys', [], 'NO_USABLE_KEY'],
    ['101 keys', Array.from({ length: 101 }, (_, i) => ({ ...EC, kid: `k${i}` })), 'TOO_MANY_KEYS'],
    ['something that is no key', ['key'], 'NOT_A_KEY_SET'],
  ])('refuses a set with %s', async (_what, keys: readonly unknown[], code) => {
    await expect(read(...keys)).rejects.toMatchObject(refusedAs(code))
  })

  it.each(['', '[]', '{}', '{"keys":{}}', '{"keys":[],"keys":[]}', '<html>', JSON.stringify(EC)])(
    'refuses %j, which is no key set',
    async (text) => {
      const reading = readKeySet(Buffer.from(text), SIGNATURE_ALGORITHMS)
      await expect(reading).rejects.toMatchObject(refusedAs('NOT_A_KEY_SET'))
    },
  )

  it('takes strong RSA keys of other sizes', async () => {
    const set = await read({ ...rsaJwk(3072), kid: 'big', alg: 'PS256' })
    expect(set.byKeyId.has('big')).toBe(true)
  })

  it('says what is wrong, and nothing of the key', async () => {
    const fault: unknown = await read({ ...EC, d: 'c2VjcmV0' }).catch((error: unknown) => error)
    expect(String(fault)).toMatch(/holds a private or symmetric key/)
    expect(String(fault)).not.toMatch(/c2VjcmV0/)
  })
})

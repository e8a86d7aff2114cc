import { beforeAll, describe, expect, it } from '@jest/globals'
import { createHmac, createPublicKey } from 'node:crypto'
import type { Authenticator, AuthenticatorOptions } from '../../src/auth/authenticator.ts'
import { SIGNATURE_ALGORITHMS } from '../../src/auth/key-set.ts'
import { Unauthenticated } from '../../src/errors.ts'
import * as issuer from './fictional-issuer.ts'

const { authenticatorFor, createKey, encode, goodClaims, goodHeader, NOW, outcome, signTexts, signToken } =
  issuer

const key = createKey('ES256', 'k1')
const bearer = (token: string) => `Bearer ${token}`

describe('who is let in', () => {
  it.each(SIGNATURE_ALGORITHMS)('someone with a token signed by %s', async (algorithm) => {
    const signer = createKey(algorithm, 'k')
    const authenticator = await authenticatorFor([signer])
    const principal = await outcome(authenticator, bearer(signToken(signer)))
    expect(principal).toEqual({ id: 'user-1', roles: new Set(['SUPPORT']), customerId: null })
  })

  it('a customer, by name', async () => {
    const token = signToken(key, { roles: ['CUSTOMER'], customer_id: issuer.CUSTOMER_ID })
    const principal = await outcome(await authenticatorFor([key]), bearer(token))
    expect(principal).toMatchObject({ customerId: issuer.CUSTOMER_ID, roles: new Set(['CUSTOMER']) })
  })

  it('nobody in particular, without a header', async () => {
    expect((await authenticatorFor([key])).authenticate(undefined)).toBeNull()
  })
})

describe('who is not', () => {
  let authenticator: Authenticator
  beforeAll(async () => (authenticator = await authenticatorFor([key, createKey('RS256', 'rsa')])))

  it.each(['', 'Bearer', 'Bearer ', 'Bearer  ', 'Basic dXNlcjpwYXNz', 'Bearer a.b.c', 'null', 'undefined'])(
    'someone with the header %j',
    async (header) => {
      await expect(async () => authenticator.authenticate(header)).rejects.toThrow(Unauthenticated)
    },
  )

  it.each([
    ['two spaces', (token: string) => `Bearer  ${token}`],
    ['a space after it', (token: string) => `Bearer ${token} `],
    ['a line end after it', (token: string) => `Bearer ${token}\n`],
    ['padding', (token: string) => `Bearer ${token}==`],
    ['quotes', (token: string) => `Bearer "${token}"`],
    ['two headers in one', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['a fourth segment', (token: string) => `Bearer ${token}.YQ`],
    ['white space between the segments', (token: string) => `Bearer ${token.replace('.', ' .')}`],
  ])('someone with %s, even when the token is remembered', async (_what, spell) => {
    const token = signToken(key)
    await authenticator.authenticate(bearer(token))
    expect(await outcome(authenticator, spell(token))).toBe('NOT_CANONICAL')
  })

  it.each([
    'none',
    'None',
    'NONE',
    'HS256',
    'HS512',
    'RS384',
    'RS512',
    'ES384',
    'ES512',
    'es256',
    'ES256K',
    'Ed448',
    '',
    null,
    ['ES256'],
    undefined,
  ])('someone whose token says alg: %j', async (alg) => {
    expect(await outcome(authenticator, bearer(signToken(key, {}, { alg })))).toBe('ALGORITHM')
  })

  it('someone who takes the public key for a shared secret', async () => {
    const pem = createPublicKey({ key: key.publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    for (const secret of [pem, JSON.stringify(key.publicJwk), Buffer.from(key.publicJwk.x!, 'base64url')]) {
      const input = `${encode(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid: 'k1' }))}.${encode(JSON.stringify(goodClaims()))}`
      const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
      expect(await outcome(authenticator, bearer(token))).toBe('ALGORITHM')
    }
  })

  it('someone who names another algorithm of ours than the key is for', async () => {
    const tokens = [
      signToken(key, {}, { kid: 'rsa' }),
      signToken(key, {}, { alg: 'RS256' }),
      signToken(key, {}, { alg: 'PS256', kid: 'rsa' }),
    ]
    const outcomes = await Promise.all(tokens.map((token) => outcome(authenticator, bearer(token))))
    expect(outcomes).toEqual(['ALGORITHM', 'ALGORITHM', 'ALGORITHM'])
  })

  it('someone whose algorithm is ours, but not accepted here', async () => {
    const narrow = await authenticatorFor([key], { algorithms: ['RS256'] })
    expect(await outcome(narrow, bearer(signToken(key)))).toBe('ALGORITHM')
  })

  it('someone who brings a key along', async () => {
    const own = createKey('ES256', 'k1')
    const { publicJwk } = own
    const parameters = [
      { jwk: publicJwk },
      { jku: 'https://evil.example/jwks' },
      { x5u: 'https://evil.example/c' },
      { x5c: ['AAAA'] },
    ]
    const outcomes = await Promise.all(
      parameters.map((extra) => outcome(authenticator, bearer(signToken(own, {}, extra)))),
    )
    expect(outcomes).toEqual(['SIGNATURE', 'SIGNATURE', 'SIGNATURE', 'SIGNATURE'])
  })

  it.each([
    { crit: ['exp'] },
    { crit: [] },
    { crit: ['b64'], b64: false },
    { b64: false },
    { b64: true },
    { zip: 'DEF' },
  ])('someone whose header says %j', async (extra) => {
    expect(await outcome(authenticator, bearer(signToken(key, {}, extra)))).toBe('HEADER')
  })

  it.each([
    ['../../etc/passwd', 'UNKNOWN_KEY'],
    ["' OR 1=1 --", 'UNKNOWN_KEY'],
    ['__proto__', 'UNKNOWN_KEY'],
    ['K1', 'UNKNOWN_KEY'],
    ['k1 ', 'UNKNOWN_KEY'],
    ['k1\u0000', 'KEY_ID'],
    ['k'.repeat(257), 'KEY_ID'],
    ['', 'KEY_ID'],
    [1, 'KEY_ID'],
    [['k1'], 'KEY_ID'],
    [{ toString: 'k1' }, 'KEY_ID'],
    [null, 'KEY_ID'],
    [undefined, 'KEY_ID'],
  ])('someone who names the key %j', async (kid, code) => {
    expect(await outcome(authenticator, bearer(signToken(key, {}, { kid })))).toBe(code)
  })

  it.each(['[]', '"a"', '1', 'null', '{', '{}{}', '\ufeff{}'])(
    'someone whose claims are %j',
    async (claims) => {
      const token = signTexts(key, JSON.stringify(goodHeader(key)), claims)
      expect(await outcome(authenticator, bearer(token))).toBe('NOT_JSON')
    },
  )

  it('someone whose header has a name twice', async () => {
    const token = signTexts(
      key,
      '{"alg":"none","alg":"ES256","typ":"JWT","kid":"k1"}',
      JSON.stringify(goodClaims()),
    )
    expect(await outcome(authenticator, bearer(token))).toBe('DUPLICATE_NAME')
  })

  it('someone with a huge token', async () => {
    const token = signToken(key, { filler: 'x'.repeat(1_000_000) })
    expect(await outcome(authenticator, bearer(token))).toBe('TOO_LARGE')
  })

  it('anyone, with a reason that the caller could see', async () => {
    const tokens = [
      'x',
      signToken(key, { exp: 1 }),
      signToken(key, { aud: 'other' }),
      signToken(createKey('ES256', 'k1')),
    ]
    const errors = await Promise.all(
      tokens.map(async (token) => {
        try {
          return await authenticator.authenticate(bearer(token))
        } catch (error) {
          return error as Unauthenticated
        }
      }),
    )
    expect(new Set(errors.map((error) => (error as Unauthenticated).message)).size).toBe(1)
  })

  it('anyone, with the token in the error', async () => {
    const token = signToken(key, { exp: 1, sub: 'marked-7f3a' })
    const error = await Promise.resolve(authenticator.authenticate(bearer(token))).catch(
      (reason: unknown) => reason,
    )
    const told = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).cause)
    expect(error).toBeInstanceOf(Unauthenticated)
    for (const segment of token.split('.')) expect(told).not.toContain(segment)
  })
})

describe('every one-character edit of a live token', () => {
  const ALPHABET = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n')
  const signer = createKey('EdDSA', 'k')
  const live = signToken(signer, { roles: undefined, iat: undefined }, {})

  async function acceptedOf(edits: Iterable<string>): Promise<string[]> {
    const authenticator = await authenticatorFor([signer])
    await authenticator.authenticate(bearer(live))
    const accepted: string[] = []
    for (const edit of edits) {
      if (typeof (await outcome(authenticator, bearer(edit))) !== 'string') accepted.push(edit)
    }
    return accepted
  }

  it('is refused when it replaces one', async () => {
    const edits = Array.from(live).flatMap((character, i) =>
      ALPHABET.flatMap((other) =>
        other === character ? [] : [live.slice(0, i) + other + live.slice(i + 1)],
      ),
    )
    expect(edits.length).toBe(live.length * (ALPHABET.length - 1))
    expect(await acceptedOf(edits)).toEqual([])
  })

  it('is refused when it drops one, doubles one, adds one or swaps two', async () => {
    const edits = Array.from(live).flatMap((character, i) => [
      live.slice(0, i) + live.slice(i + 1),
      live.slice(0, i) + character + live.slice(i),
      ...['A', '.', '=', ' '].map((added) => live.slice(0, i) + added + live.slice(i)),
      live.slice(0, i) + (live[i + 1] ?? '') + character + live.slice(i + 2),
    ])
    expect(await acceptedOf(edits.filter((edit) => edit !== live))).toEqual([])
  })
})

describe('what it is made with', () => {
  const faulty: readonly (readonly [string, Partial<AuthenticatorOptions>])[] = [
    ['no algorithm', { algorithms: [] }],
    ['a symmetric algorithm', { algorithms: ['ES256', 'HS256' as 'ES256'] }],
    ['no algorithm at all', { algorithms: ['none' as 'ES256'] }],
    ['a skew beyond a minute', { clockSkewSeconds: 61 }],
    ['a negative skew', { clockSkewSeconds: -1 }],
    ['a skew that is no number', { clockSkewSeconds: Number.NaN }],
    ['no type', { typ: [] }],
    ['no issuer', { issuer: '' }],
    ['no audience', { audience: '' }],
    ['no way to the roles', { rolesClaim: '' }],
  ]

  it.each(faulty)('may not be %s', async (_what, options) => {
    await expect(authenticatorFor([key], options)).rejects.toThrow(/must|empty/)
  })

  it('may be a skew of a minute', async () => {
    const authenticator = await authenticatorFor([key], { clockSkewSeconds: 60 })
    expect(await outcome(authenticator, bearer(signToken(key, { exp: NOW - 59 })))).toMatchObject({
      id: 'user-1',
    })
  })
})

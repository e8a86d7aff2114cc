import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { createFieldCipher, type FieldCipher } from '../../src/crypto/field-cipher.ts'
import type { FieldSpec, SealedType } from '../../src/crypto/field-spec.ts'
import { BadUserInput, KmsUnavailable, OpenFailed } from '../../src/errors.ts'
import { newKeys } from './memory-keys.ts'

const email: FieldSpec = { model: 'Customer', field: 'email', keyring: 'customer', type: 'String' }
const keys = newKeys()
let cipher: FieldCipher

beforeAll(async () => {
  cipher = createFieldCipher(keys.keyrings)
  await cipher.ready(['customer', 'gateway'])
})

/** What opening comes to, whether it throws, rejects or gives a value. */
async function outcomeOf(spec: FieldSpec, rowId: string, text: string): Promise<unknown> {
  try {
    return await cipher.open(spec, rowId, text)
  } catch (error) {
    return error
  }
}

async function expectClosed(spec: FieldSpec, rowId: string, text: string): Promise<void> {
  const outcome = await outcomeOf(spec, rowId, text)
  expect(outcome).toBeInstanceOf(OpenFailed)
  expect(String(outcome)).toBe('OpenFailed: A sealed value does not open.')
}

describe('a sealed field', () => {
  it('opens in its own cell, at once', () => {
    const rowId = uuidv7()
    expect(cipher.open(email, rowId, cipher.seal(email, rowId, 'ann@example.com'))).toBe('ann@example.com')
  })

  it('opens for every text and row id', () => {
    const anyId = fc.string({ unit: 'binary', minLength: 1 })
    fc.assert(
      fc.property(anyId, fc.string({ unit: 'binary' }), (rowId, value) => {
        expect(cipher.open(email, rowId, cipher.seal(email, rowId, value))).toBe(value)
      }),
    )
  })

  it('is another text each time, and never holds the value', () => {
    const texts = Array.from({ length: 50 }, () => cipher.seal(email, 'row-1', 'ann@example.com'))
    expect(new Set(texts).size).toBe(50)
    const bodies = texts.map((text) => Buffer.from(text.slice(40), 'base64url').toString('latin1'))
    expect(bodies.filter((body) => body.includes('ann'))).toEqual([])
  })

  it('has one length for true and false, and for every value of an enum', () => {
    const flag: FieldSpec = { ...email, type: 'Boolean' }
    const risk: FieldSpec = { ...email, type: 'Enum', values: ['LOW', 'MEDIUM'] }
    expect(cipher.seal(flag, 'row-1', true)).toHaveLength(cipher.seal(flag, 'row-1', false).length)
    expect(cipher.seal(risk, 'row-1', 'LOW')).toHaveLength(cipher.seal(risk, 'row-1', 'MEDIUM').length)
  })
})

describe('a sealed text that was altered', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const strangers = ['=', '\u0141', '+', '/', '.', ' ', '\n', '\0', '%', 'é', '１']

  // 0, 1 and 2 bytes leave every number of stray bits in the last character.
  it.each(['', 'a', 'ab'])('opens after none of its one-character edits (value %j)', async (value) => {
    const text = cipher.seal(email, 'row-1', value)
    const edits = new Set<string>()
    for (let at = 0; at <= text.length; at += 1) {
      const [before, after] = [text.slice(0, at), text.slice(at + 1)]
      const inLast = at === text.length - 1 ? Array.from(alphabet) : Array.from('AZaz09-_bfF')
      for (const other of [...inLast, ...strangers]) {
        edits.add(before + other + after)
        edits.add(before + other + text.slice(at))
      }
      edits.add(before + after)
      edits.add(before)
    }
    edits.delete(text)
    const outcomes = await Promise.all([...edits].map((edit) => outcomeOf(email, 'row-1', edit)))
    expect(outcomes.filter((outcome) => !(outcome instanceof OpenFailed))).toEqual([])
    expect(edits.size).toBeGreaterThan(3_000)
  })

  it('does not open with its tag cut to any length, nor with one of zeros', async () => {
    const text = cipher.seal(email, 'row-1', 'ann@example.com')
    const sealed = Buffer.from(text.slice(40), 'base64url')
    for (let cut = 1; cut <= 16; cut += 1) {
      const shorter = sealed.subarray(0, sealed.length - cut).toString('base64url')
      await expectClosed(email, 'row-1', text.slice(0, 40) + shorter)
    }
    const zeroed = Buffer.from(sealed)
      .fill(0, sealed.length - 16)
      .toString('base64url')
    await expectClosed(email, 'row-1', text.slice(0, 40) + zeroed)
  })

  it.each(['', 'ann@example.com', '[sealed]', 's1', 'null'])(
    'does not open when it was never sealed: %j',
    async (text) => {
      await expectClosed(email, 'row-1', text)
    },
  )
})

describe('a sealed text that was moved', () => {
  const text = () => cipher.seal(email, 'row-1', '12')

  it.each<[string, FieldSpec, string]>([
    ['another row', email, 'row-2'],
    ['a row whose id goes on', email, 'row-11'],
    ['a row whose id stops before', email, 'row-'],
    ['no row', email, ''],
    ['a row id that UTF-8 would change', email, 'row-1\uD800'],
    ['another column', { ...email, field: 'firstName' }, 'row-1'],
    ['another model', { ...email, model: 'Payer' }, 'row-1'],
    ['a name moved between model and field', { ...email, model: 'Customere', field: 'mail' }, 'row-1'],
    ['another keyring', { ...email, keyring: 'gateway' }, 'row-1'],
    ...(['Json', 'Bytes', 'Decimal'] as const).map((type): [string, FieldSpec, string] => [
      `the type ${type}`,
      { ...email, type },
      'row-1',
    ]),
  ])('does not open in %s', async (_where, spec, rowId) => {
    await expectClosed(spec, rowId, text())
  })

  it('does not open under another key of its keyring', async () => {
    const other = keys.keyrings.active('gateway', 'ENCRYPTION').id
    const own = keys.keyrings.active('customer', 'ENCRYPTION').id
    await expectClosed(email, 'row-1', text().replace(own, other))
    await expectClosed({ ...email, keyring: 'gateway' }, 'row-1', text().replace(own, other))
  })

  it('does not open under an index key, nor under one that nobody has', async () => {
    const own = keys.keyrings.active('customer', 'ENCRYPTION').id
    const indexKey = keys.keyrings.active('customer', 'INDEX').id
    await expectClosed(email, 'row-1', text().replace(own, indexKey))
    await expectClosed(email, 'row-1', text().replace(own, uuidv7()))
  })
})

describe('sealing', () => {
  it('needs the keyring’s keys, and says how to get them', () => {
    const cold = createFieldCipher(newKeys().keyrings)
    expect(() => cold.seal(email, 'row-1', 'x')).toThrow(KmsUnavailable)
    expect(() => cold.seal(email, 'row-1', 'x')).toThrow(
      expect.objectContaining({ cause: new Error("Await ready(['customer']) first.") }),
    )
    expect(() => cold.index({ ...email, index: { column: 'i', normalize: 'exact' } }, 'x')).toThrow(
      KmsUnavailable,
    )
  })

  it('refuses a row without an id', () => {
    expect(() => cipher.seal(email, '', 'x')).toThrow(TypeError)
    expect(() => cipher.seal(email, '\uDC00', 'x')).toThrow(TypeError)
    expect(() => cipher.seal(email, undefined as unknown as string, 'x')).toThrow(TypeError)
  })

  it('refuses what it could not give back', () => {
    expect(() => cipher.seal(email, 'row-1', '\uD800')).toThrow(BadUserInput)
  })

  it.each<[SealedType, unknown]>([
    ['Json', { lines: ['Domkloster 4'] }],
    ['Bytes', Uint8Array.of(0, 255)],
    ['Int', -1],
    ['BigInt', 2n ** 62n],
    ['Decimal', '10.50'],
    ['DateTime', new Date('2026-02-28T23:59:59.999Z')],
    ['Boolean', true],
  ])('keeps a value of type %s', (type, value) => {
    const spec: FieldSpec = { ...email, type }
    expect(cipher.open(spec, 'row-1', cipher.seal(spec, 'row-1', value))).toEqual(value)
  })
})

describe('opening with a key that is not in memory', () => {
  it('gives a promise the first time, and the value itself the next', async () => {
    const text = cipher.seal(email, 'row-1', 'ann@example.com')
    const other = createFieldCipher(newKeys({ kms: keys.kms, store: keys.store }).keyrings)
    const first = other.open(email, 'row-1', text)
    expect(first).toBeInstanceOf(Promise)
    expect(await first).toBe('ann@example.com')
    expect(other.open(email, 'row-1', text)).toBe('ann@example.com')
  })

  it('passes on that the KMS does not answer, and what the store throws', async () => {
    const text = cipher.seal(email, 'row-1', 'ann@example.com')
    const silent = newKeys({ store: keys.store })
    silent.kms.failure = 'UNAVAILABLE'
    const cut = newKeys({ kms: keys.kms })
    cut.store.find = () => Promise.reject(new Error('connection lost'))
    await expect(createFieldCipher(silent.keyrings).open(email, 'row-1', text)).rejects.toThrow(
      KmsUnavailable,
    )
    await expect(createFieldCipher(cut.keyrings).open(email, 'row-1', text)).rejects.toThrow(
      'connection lost',
    )
  })
})

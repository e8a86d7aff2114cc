import { beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { createFieldCipher, type FieldCipher } from '../../src/crypto/field-cipher.ts'
import type { FieldSpec } from '../../src/crypto/field-spec.ts'
import type { Keyrings } from '../../src/crypto/keyring.ts'
import { BadUserInput } from '../../src/errors.ts'
import { keyringsWith } from './memory-keys.ts'

const email: FieldSpec = {
  model: 'Customer',
  field: 'email',
  keyring: 'customer',
  type: 'String',
  index: { column: 'emailIndex', normalize: 'email' },
}
const indexKeyId = uuidv7()
let keyrings: Keyrings
let cipher: FieldCipher

function newKeyrings(id: string): Promise<Keyrings> {
  const raw = () => randomBytes(32)
  return keyringsWith('customer', { ENCRYPTION: { id: uuidv7(), raw: raw() }, INDEX: { id, raw: raw() } })
}

beforeAll(async () => {
  keyrings = await newKeyrings(indexKeyId)
  cipher = createFieldCipher(keyrings)
})

describe('a blind index', () => {
  it('names its key and hides the value', () => {
    expect(cipher.index(email, 'ann@example.com')).toMatch(new RegExp(`^b1\\.${indexKeyId}\\.[\\w-]{43}$`))
  })

  it('is the same for what the normaliser finds equal', () => {
    expect(cipher.index(email, ' Ann@Example.com')).toBe(cipher.index(email, 'ann@example.com'))
  })

  it.each<[string, FieldSpec]>([
    ['another column', { ...email, field: 'alias' }],
    ['another model', { ...email, model: 'Payer' }],
    ['a name moved between model and field', { ...email, model: 'Customerem', field: 'ail' }],
    ['another type', { ...email, type: 'Decimal', index: { column: 'emailIndex', normalize: 'exact' } }],
  ])('differs for the same value in %s', (_name, other) => {
    expect(cipher.index(other, '12')).not.toBe(cipher.index(email, '12'))
  })

  it('differs under another key of the same id', async () => {
    const other = createFieldCipher(await newKeyrings(indexKeyId))
    expect(other.index(email, 'ann@example.com')).not.toBe(cipher.index(email, 'ann@example.com'))
  })

  it('is refused on a field that declares none', () => {
    const plain: FieldSpec = { model: 'Customer', field: 'email', keyring: 'customer', type: 'String' }
    expect(() => cipher.index(plain, 'ann@example.com')).toThrow(/Customer\.email has no blind index/)
  })

  it.each(['Boolean', 'Enum', 'Json'] as const)('is refused on the type %s', (type) => {
    expect(() => cipher.index({ ...email, type }, true)).toThrow(TypeError)
  })

  it('refuses a value that could not have been sealed', () => {
    expect(() => cipher.index(email, 'ann\uDC00@example.com')).toThrow(BadUserInput)
    expect(() => cipher.index(email, 7)).toThrow(TypeError)
  })
})

describe('a digest', () => {
  it('is equal for equal parts, and names the index key', () => {
    const digest = keyrings.digest('customer', 'idempotency', ['charge', '{}'])
    expect(digest).toMatch(new RegExp(`^d1\\.${indexKeyId}\\.[\\w-]{43}$`))
    expect(keyrings.digest('customer', 'idempotency', ['charge', '{}'])).toBe(digest)
  })

  it('differs however parts are cut, moved or dropped', () => {
    const inputs: [string, string[]][] = [
      ['a', ['b', 'c']],
      ['a', ['bc']],
      ['a', ['b', 'c', '']],
      ['a', ['c', 'b']],
      ['a', ['b","c']],
      ['ab', ['c']],
      ['a', []],
      ['a', ['\uD800']],
      ['a', ['\uD801']],
    ]
    const digests = inputs.map(([label, parts]) => keyrings.digest('customer', label, parts))
    expect(new Set(digests).size).toBe(inputs.length)
  })
})

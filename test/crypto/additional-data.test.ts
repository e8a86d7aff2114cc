import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { additionalData, isRowId } from '../../src/crypto/additional-data.ts'
import type { FieldSpec } from '../../src/crypto/field-spec.ts'

const keyId = '0199b5c0-4b00-7000-8000-000000000001'
const email: FieldSpec = { model: 'Customer', field: 'email', keyring: 'customer', type: 'String' }

describe('additional data', () => {
  it('is made as its description says', () => {
    const bytes = additionalData(email, keyId, 'row-é')
    expect(bytes.toString()).toBe(`["s1","Customer","email","String"]${keyId}row-é`)
  })

  it('is the same for two cells only when they are one', () => {
    const anyName = fc.string({ unit: fc.constantFrom('a', 'b', '"', ',', '[', ']', '\\', '\uD800') })
    const anyRow = fc.string({ unit: fc.constantFrom('a', '"', ']', '0', '\u{1F9AD}'), minLength: 1 })
    const anyCell = fc.tuple(anyName, anyName, fc.constantFrom('String', 'Json'), anyRow)
    fc.assert(
      fc.property(anyCell, anyCell, (one, other) => {
        const [first, second] = [one, other].map(([model, field, type, rowId]) =>
          additionalData({ model, field, keyring: 'customer', type }, keyId, rowId).toString('hex'),
        )
        expect(first === second).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
      { numRuns: 1000 },
    )
  })

  it('stays right for more keys than it remembers', () => {
    const keyIds = Array.from({ length: 200 }, () => uuidv7())
    const made = [...keyIds, ...keyIds].map((id) => additionalData(email, id, 'row').toString())
    expect(new Set(made).size).toBe(200)
    expect(made.every((text, index) => text.includes(keyIds[index % 200]!))).toBe(true)
  })
})

describe('a row id', () => {
  it.each(['1', uuidv7(), 'ключ', '\u{1F9AD}'])('may be %j', (rowId) => {
    expect(isRowId(rowId)).toBe(true)
  })

  it.each(['', '\uD800', 'a\uDC00', undefined, null, 7])('may not be %j', (rowId) => {
    expect(isRowId(rowId)).toBe(false)
  })
})

import { describe, expect, it } from '@jest/globals'
import { parseAnnotation } from '../../src/storage/sealed-annotation.ts'

describe('an annotation', () => {
  it.each([
    ['@encrypted(keyring: "a")', { keyring: 'a', type: 'String' }],
    ['  @encrypted( keyring : "a" , type : "Int" )  ', { keyring: 'a', type: 'Int' }],
    ['What it is.\n@encrypted(keyring: "a-b_1")\nMore.', { keyring: 'a-b_1', type: 'String' }],
    [
      '@encrypted(index: "i", keyring: "a")',
      { keyring: 'a', type: 'String', index: { column: 'i', normalize: 'exact' } },
    ],
    [
      '@encrypted(keyring: "a", index: "i", normalize: "email")',
      { keyring: 'a', type: 'String', index: { column: 'i', normalize: 'email' } },
    ],
    [
      '@encrypted(keyring: "a", type: "Enum", values: "A, B_2")',
      { keyring: 'a', type: 'Enum', values: ['A', 'B_2'] },
    ],
  ])('%j is read', (documentation, expected) => {
    expect(parseAnnotation(documentation)).toEqual(expected)
  })

  it.each(['', 'Nothing to see.', 'See `@encrypted(...)`.'])('is not seen in %j', (documentation) => {
    expect(parseAnnotation(documentation)).toBeUndefined()
  })

  it.each([
    ['@encrypted', 'line of its own'],
    ['@encrypted()', '`keyring`'],
    ['@encrypted(keyring: "")', '`keyring`'],
    ['@encrypted(keyring: "A b")', '`keyring`'],
    ['@encrypt(keyring: "a")', 'line of its own'],
    ['@Encrypted(keyring: "a")', 'line of its own'],
    ['Secret: @encrypted(keyring: "a")', 'line of its own'],
    ['@encrypted(keyring: "a"', 'line of its own'],
    ['@encrypted(keyring: "a") and more', 'line of its own'],
    ['@encrypted(keyring: "a")\n@encrypted(keyring: "b")', 'more than once'],
    ["@encrypted(keyring: 'a')", 'cannot read'],
    ['@encrypted(keyring: a)', 'cannot read'],
    ['@encrypted(keyring: "a" type: "Int")', 'cannot read'],
    ['@encrypted(keyring: "a",)', 'cannot read'],
    ['@encrypted(keyring: "a\\"b")', 'cannot read'],
    ['@encrypted("a")', 'cannot read'],
    ['@encrypted(keyring: "a", keyring: "b")', 'given twice'],
    ['@encrypted(keyring: "a", colour: "red")', 'unknown argument `colour`'],
    ['@encrypted(keyring: "a", type: "Float")', 'unknown type'],
    ['@encrypted(keyring: "a", type: "string")', 'unknown type'],
    ['@encrypted(keyring: "a", index: "i", normalize: "upper")', 'unknown normalize'],
    ['@encrypted(keyring: "a", index: "")', 'names no column'],
    ['@encrypted(keyring: "a", normalize: "email")', 'without an `index`'],
    ['@encrypted(keyring: "a", type: "Int", index: "i", normalize: "email")', 'String type alone'],
    ['@encrypted(keyring: "a", type: "Enum")', 'needs its `values`'],
    ['@encrypted(keyring: "a", type: "Enum", values: "")', 'must be names'],
    ['@encrypted(keyring: "a", type: "Enum", values: "A,")', 'must be names'],
    ['@encrypted(keyring: "a", type: "Enum", values: "A, A")', 'a name twice'],
    ['@encrypted(keyring: "a", values: "A")', 'Enum type alone'],
    ['@encrypted(keyring: "a", type: "Boolean", index: "i")', 'how often'],
    ['@encrypted(keyring: "a", type: "Enum", values: "A, B", index: "i")', 'how often'],
    ['@encrypted(keyring: "a", type: "Json", index: "i")', 'no one form'],
  ])('%j is refused', (documentation, fault) => {
    expect(parseAnnotation(documentation)).toEqual([expect.stringContaining(fault)])
  })

  it('has all its faults listed', () => {
    expect(parseAnnotation('@encrypted(type: "X", normalize: "y", values: "1")')).toHaveLength(6)
  })
})

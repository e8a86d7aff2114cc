import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { canonicalJson } from '../../src/domain/canonical-json.ts'

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: 'x' }, '{"a":"x","b":1}'],
    [{ a: null, b: undefined }, '{}'],
    [{ '\ufb33': 1, '\ud83d\ude00': 2, '\r': 3, '1': 4 }, '{"\\r":3,"1":4,"\ud83d\ude00":2,"\ufb33":1}'],
    [['b', 'a', null], '["b","a",null]'],
    ['a"b', '"a\\"b"'],
  ])('of %j is one text (RFC 8785 section 3.2.3 orders by UTF-16 code units)', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('does not tell in which order members were written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
        expect(canonicalJson(Object.fromEntries(Object.entries(value).toReversed()))).toBe(
          canonicalJson(value),
        )
      }),
    )
  })

  it('tells different values apart', () => {
    expect(canonicalJson({ a: '1' })).not.toBe(canonicalJson({ a: 1 }))
    expect(canonicalJson({ a: ['1', '2'] })).not.toBe(canonicalJson({ a: ['12'] }))
  })

  it('refuses what is nested deeper than any input', () => {
    let value: unknown = 1
    for (let depth = 0; depth < 5000; depth += 1) value = [value]
    expect(() => canonicalJson(value)).toThrow('nested too deeply')
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { NotStrictJson, ownValue, parseStrictObject } from '../../src/auth/strict-json.ts'

const parse = (text: string) => parseStrictObject(Buffer.from(text))

describe('parseStrictObject', () => {
  it.each([
    ['twice beside each other', '{"sub":"a","sub":"b"}'],
    ['twice with the same value', '{"sub":"a","sub":"a"}'],
    ['twice, once escaped', String.raw`{"sub":"a","\u0073ub":"b"}`],
    ['twice in an inner object', '{"realm_access":{"roles":[],"roles":["ADMIN"]}}'],
    ['twice in an object in a list', '{"a":[1,{"b":1,"b":2}]}'],
    ['twice with white space between', '{"a" : 1 ,\n "a"\t: 2}'],
    ['twice as __proto__', '{"__proto__":1,"__proto__":2}'],
    ['twice as an empty name', '{"":1,"":2}'],
  ])('refuses a name that comes %s', (_what, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ repeatedName: true }))
  })

  it.each([
    ['the same name in two objects', '{"a":{"b":1},"c":{"b":2},"b":3}'],
    ['names that stand in strings', String.raw`{"a":"\"b\":1,\"b\":2","c":"{\"a\":1}"}`],
    ['a name equal to a value', '{"a":"a","b":["a","a"]}'],
    ['a string that ends in a backslash', String.raw`{"a":"\\","b":"\\\\","c":1}`],
  ])('takes %s', (_what, text) => {
    expect(parse(text)).toEqual(JSON.parse(text))
  })

  it.each([
    '',
    'null',
    '1',
    '"a"',
    '[]',
    '[{}]',
    '{',
    '{}{}',
    '{"a":}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":NaN}',
    '\ufeff{}',
  ])('refuses %j, which is no JSON object', (text) => {
    expect(() => parse(text)).toThrow(NotStrictJson)
  })

  it.each([
    ['an overlong encoding', [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]],
    ['a lone continuation', [0x7b, 0x22, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
    ['an encoded surrogate', [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]],
  ])('refuses %s in its UTF-8', (_what, bytes) => {
    expect(() => parseStrictObject(Uint8Array.from(bytes))).toThrow(NotStrictJson)
  })

  it('refuses nesting of 5,000 without a deep stack', () => {
    expect(() => parse(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`)).toThrow(NotStrictJson)
  })

  it('does not repeat the text in its error', () => {
    expect(() => parse('{"secret-7f3a": oops')).toThrow(/^Not a JSON object in UTF-8\.$/)
  })

  it('agrees with JSON.parse on every object without a repeated name', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (value) => {
        const text = JSON.stringify(value)
        expect(parse(text)).toEqual(JSON.parse(text))
      }),
    )
  })
})

describe('ownValue', () => {
  it('finds what the object has itself', () => {
    expect(ownValue(parse('{"__proto__":{"admin":true}}'), '__proto__')).toEqual({ admin: true })
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('finds no inherited %s', (name) => {
    expect(ownValue(parse('{"a":1}'), name)).toBeUndefined()
  })
})

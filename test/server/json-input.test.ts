import { describe, expect, it } from '@jest/globals'
import { parseJson } from '../../src/server/json-input.ts'

const codeOf = (json: string): string => {
  try {
    parseJson(json)
    return 'taken'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('parseJson', () => {
  it.each([
    ['{"a":[1,"b",null,true,{"c":{}}]}'],
    ['"a \\"quoted: text\\" with \\\\ and : in it"'],
    ['{"a:b":"c:d","e\\":":"\\\\"}'],
    ['{"a":{"x":1},"b":{"x":1}}'],
    ['{"__proto__":{"x":1},"constructor":2}'],
    ['{"":":"}'],
    ['"\\ud83d\\ude00 and 😀"'],
  ])('takes %s as JSON.parse does', (json) => {
    expect(parseJson(json)).toEqual(JSON.parse(json))
  })

  it.each([
    ['', 'BAD_USER_INPUT'],
    ['{"a":1,}', 'BAD_USER_INPUT'],
    ["{'a':1}", 'BAD_USER_INPUT'],
    ['{"a":NaN}', 'BAD_USER_INPUT'],
    ['\ufeff{"a":1}', 'BAD_USER_INPUT'],
    ['{"a":1}{"a":2}', 'BAD_USER_INPUT'],
  ])('refuses what is not JSON: %j', (json, code) => {
    expect(codeOf(json)).toBe(code)
  })

  it.each([
    ['{"a":1,"a":2}'],
    ['{"a":1,"\\u0061":2}'],
    ['{"b":[{"c":1,"c":1}]}'],
    ['{"__proto__":1,"__proto__":2}'],
    ['{"x":"a:b","x":":"}'],
  ])('refuses the same key twice, however it is spelt: %s', (json) => {
    expect(codeOf(json)).toBe('BAD_USER_INPUT')
  })

  it.each([['"\\ud800"'], ['"\\udc00\\ud800"'], ['{"\\ud800":1}'], ['"a\\u0000b"'], ['{"a":{"\\u0000":1}}']])(
    'refuses text that no column could hold: %s',
    (json) => {
      expect(codeOf(json)).toBe('BAD_USER_INPUT')
    },
  )

  it('leaves Object.prototype alone', () => {
    parseJson('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('takes 32 levels and refuses another', () => {
    expect(codeOf('['.repeat(32) + '1' + ']'.repeat(32))).toBe('taken')
    expect(codeOf('['.repeat(33) + '1' + ']'.repeat(33))).toBe('QUERY_TOO_COMPLEX')
  })

  it.each([
    ['arrays 5,000 deep', '['.repeat(5000) + ']'.repeat(5000)],
    ['arrays 100,000 deep', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects 5,000 deep', '{"a":'.repeat(5000) + '1' + '}'.repeat(5000)],
    ['100,000 values beside each other', `[${'1,'.repeat(100_000)}1]`],
    ['20,000 keys', `{${Array.from({ length: 20_000 }, (_, at) => `"k${at}":1`).join()}}`],
  ])('refuses %s without overflowing the stack', (_what, json) => {
    expect(codeOf(json)).toBe('QUERY_TOO_COMPLEX')
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodeBase64url, MAX_TOKEN_LENGTH, readBearer, splitToken } from '../../src/auth/compact-token.ts'

describe('decodeBase64url', () => {
  it('takes what it encodes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        expect(decodeBase64url(Buffer.from(bytes).toString('base64url'))).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it.each([
    ['padding', 'Zm8='],
    ['white space', 'Zm 9v'],
    ['a line end', 'Zm9v\n'],
    ['the other alphabet', '+/+/'],
    ['unused bits in its last character', 'Zm9'],
    ['one character alone', 'Z'],
    ['five characters', 'Zm9vZ'],
    ['nothing', ''],
    ['a character of neither alphabet', 'Zm9v!'],
    ['a letter that looks like another', 'Zm9\u03bf'],
  ])('refuses %s', (_what, text) => {
    expect(decodeBase64url(text)).toBeNull()
  })
})

describe('splitToken', () => {
  it('gives the three parts', () => {
    const { header, payload, signature } = splitToken('YQ.Yg.Yw')
    expect([header, payload, signature].map(String)).toEqual(['a', 'b', 'c'])
  })

  it.each([
    '',
    '.',
    '..',
    'YQ',
    'YQ.Yg',
    'YQ.Yg.',
    '.Yg.Yw',
    'YQ..Yw',
    'YQ.Yg.Yw.',
    'YQ.Yg.Yw.ZA',
    'YQ.Yg.Yw.ZA.ZQ',
    ' YQ.Yg.Yw',
    'YQ.Yg.Yw ',
    'YR.Yg.Yw',
  ])('refuses %j', (token) => {
    expect(() => splitToken(token)).toThrow(expect.objectContaining({ code: 'NOT_CANONICAL' }))
  })

  it('refuses a token of more than 8 KiB', () => {
    const largest = `YQ.${'YWFh'.repeat(2046)}.YWFh`
    expect(splitToken(largest).signature.toString()).toBe('aaa')
    expect(() => splitToken(`${largest.padEnd(MAX_TOKEN_LENGTH, 'YWFh')}A`)).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    )
  })
})

describe('readBearer', () => {
  it.each(['Bearer abc', 'bearer abc', 'BEARER abc', 'bEaReR abc'])('reads %j', (header) => {
    expect(readBearer(header)).toBe('abc')
  })

  it.each([
    '',
    'Bearer',
    'Bearerabc',
    'Bearer\tabc',
    ' Bearer abc',
    'Basic abc',
    'DPoP abc',
    'abc',
    '\u212aearer abc',
  ])('refuses %j', (header) => {
    expect(() => readBearer(header)).toThrow(expect.objectContaining({ code: 'NOT_BEARER' }))
  })

  it('refuses a huge header before it looks at it', () => {
    expect(() => readBearer('x'.repeat(10_000_000))).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })
})

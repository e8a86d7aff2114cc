import { describe, expect, it } from '@jest/globals'
import { formatSealedText, readKeyId, readSealedBytes } from '../../src/crypto/sealed-text.ts'
import { OpenFailed } from '../../src/errors.ts'

const keyId = '0199b5c0-4b00-7000-8000-0000000000ab'
const sealed = Buffer.from(Array.from({ length: 28 }, (_byte, index) => index * 9))
const text = formatSealedText(keyId, sealed)

describe('a sealed text', () => {
  it('reads back as it was written', () => {
    expect(text).toBe(`s1.${keyId}.${sealed.toString('base64url')}`)
    expect(readKeyId(text)).toBe(keyId)
    expect(readSealedBytes(text).equals(sealed)).toBe(true)
  })

  it.each([
    '',
    's1',
    'ann@example.com',
    keyId,
    `s2.${keyId}.AAAA`,
    `S1.${keyId}.AAAA`,
    ` ${text}`,
    `s1..${text.slice(40)}`,
    text.replace(keyId, keyId.toUpperCase()),
    text.replace(keyId, keyId.replaceAll('-', '')),
    text.replace(keyId, `{${keyId}}`),
    `s1.${keyId}`,
  ])('names no key when it is %j', (planted) => {
    expect(() => readKeyId(planted)).toThrow(OpenFailed)
  })

  const body = text.slice(40)
  it.each([
    ['nothing', ''],
    ['27 bytes', sealed.subarray(0, 27).toString('base64url')],
    ['padding', `${body}==`],
    ['a line break', `${body}\n`],
    ['white space inside', `${body.slice(0, 8)} ${body.slice(8)}`],
    ['the other base64 alphabet', `${body.slice(0, 8)}+/${body.slice(10)}`],
    ['a fourth part', `${body}.${body}`],
    ['stray bits in its last character', `${body.slice(0, -1)}${strayBits(body.at(-1)!)}`],
    ['a single character over', `${body}A`.slice(0, 37)],
  ])('holds no sealed bytes when they are %s', (_name, altered) => {
    expect(() => readSealedBytes(`s1.${keyId}.${altered}`)).toThrow(OpenFailed)
  })
})

// 28 bytes take 38 characters, and the last one carries 4 bits that mean nothing.
function strayBits(last: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(last) ^ 1]!
}

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSealedTextReader, formatSealedText, readKeyId } from '../../src/crypto/sealed-text.ts'
import { OpenFailed } from '../../src/errors.ts'

const keyId = '0199b5c0-4b00-7000-8000-0000000000ab'
const sealed = Buffer.from(Array.from({ length: 28 }, (_byte, index) => index * 9))
const text = formatSealedText(keyId, sealed)

describe('a sealed text', () => {
  it('reads back as it was written', () => {
    expect(text).toBe(`s1.${keyId}.${sealed.toString('base64url')}`)
    expect(readKeyId(text)).toBe(keyId)
    expect(createSealedTextReader()(text)).toEqual({ keyId, sealed })
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
    expect(() => createSealedTextReader()(planted)).toThrow(OpenFailed)
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
    expect(() => createSealedTextReader()(`s1.${keyId}.${altered}`)).toThrow(OpenFailed)
  })
})

describe('a reader of sealed texts', () => {
  it('keeps keys apart that come in turn', () => {
    const read = createSealedTextReader()
    const otherId = '0199b5c0-4b00-7000-8000-0000000000ac'
    const texts = [keyId, otherId, otherId, keyId].map((id) => formatSealedText(id, sealed))
    expect(texts.map((one) => read(one).keyId)).toEqual([keyId, otherId, otherId, keyId])
  })

  it('is not made careless by a text that it refused', () => {
    const read = createSealedTextReader()
    read(text)
    expect(() => read(text.slice(0, -1))).toThrow(OpenFailed)
    expect(() => read('ann@example.com')).toThrow(OpenFailed)
    expect(read(text)).toEqual({ keyId, sealed })
  })
})

describe('what follows the key id', () => {
  it('is read exactly when it re-encodes to itself', () => {
    const anyBody = fc.oneof(
      fc
        .uint8Array({ minLength: 26, maxLength: 33 })
        .map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.stringMatching(/^[A-Za-z0-9_-]{36,45}$/),
      fc.stringMatching(/^[A-Za-z0-9_+/=-]{36,45}$/),
    )
    fc.assert(
      fc.property(anyBody, (body) => {
        const bytes = Buffer.from(body, 'base64url')
        const read = () => createSealedTextReader()(`s1.${keyId}.${body}`).sealed
        if (bytes.length >= 28 && bytes.toString('base64url') === body) expect(read()).toEqual(bytes)
        else expect(read).toThrow(OpenFailed)
      }),
      { numRuns: 1000 },
    )
  })
})

// 28 bytes take 38 characters, and the last one carries 4 bits that mean nothing.
function strayBits(last: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(last) ^ 1]!
}

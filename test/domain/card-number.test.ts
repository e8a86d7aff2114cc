import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { v7 } from 'uuid'
import { containsCardNumber, containsCardNumberIn } from '../../src/domain/card-number.ts'

const VISA = '4242424242424242'

describe('a card number is found', () => {
  it.each([
    ['alone', VISA],
    ['in groups', '4242 4242 4242 4242'],
    ['with hyphens', '4242-4242-4242-4242'],
    ['with dots', '4242.4242.4242.4242'],
    ['with slashes', '4242/4242/4242/4242'],
    ['with underscores', '4242_4242_4242_4242'],
    ['digit by digit', VISA.split('').join(' ')],
    ['with spaced hyphens', '4242 - 4242 - 4242 - 4242'],
    ['over lines', '4242\n4242\r\n4242\t4242'],
    ['with non-breaking spaces and en dashes', '4242\u00a04242\u20134242\u20094242'],
    ['with zero-width characters', '4242\u200b4242\u200d4242\ufeff4242'],
    ['with a hundred zero-width characters', `4242${'\u200b'.repeat(100)}424242424242`],
    ['in full-width digits', '４２４２４２４２４２４２４２４２'],
    ['in Arabic-Indic digits', '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢'],
    ['in mathematical digits', '𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐'],
    [
      'in keycap emoji',
      VISA.split('')
        .map((digit) => `${digit}\ufe0f\u20e3`)
        .join(''),
    ],
    ['with letters on both sides', `card${VISA}x`],
    ['in a sentence', `Please use ${VISA}, thanks.`],
    ['followed by its expiry and code', `${VISA} 12/27 123`],
    ['glued to its expiry and code', `${VISA}1227123`],
    ['behind an order number', `12345 ${VISA}`],
    ['behind zeros', `000${VISA}`],
    ['on a magnetic track', `;${VISA}=27121010000000000?`],
    ['percent-encoded', '4242%204242%204242%204242'],
    ['percent-encoded digit by digit', VISA.replace(/./g, (digit) => `%3${digit}`)],
    ['percent-encoded twice', '4242%25204242%25204242%25204242'],
    ['form-encoded', 'card=4242+4242+4242+4242'],
    ['with JSON escapes', VISA.replace(/./g, (digit) => `\\u003${digit}`)],
    ['with escaped separators', '4242\\u00204242\\u20134242\\n4242'],
    ['with escaped escapes', '4242\\\\u00204242\\/4242\\\\\\/4242'],
    ['beside a UUID', `0198c0de-0000-7000-8000-000000000001-${VISA}`],
    ['padded to the length of a digest', `${VISA}${'a'.repeat(16)}`],
    ['glued to a UUID', `0198c0de-0000-7000-8000-00000000000a${VISA}`],
    ['behind a plus', `+${VISA}`],
    ['of American Express, behind a plus', '+378282246310005'],
    ['after a telephone number', `+49 30 123456 ${VISA}`],
    ['as an amount', '42424242424242.42'],
    ['of Visa, 13 digits', '4222222222222'],
    ['of Diners', '30569309025904'],
    ['of JCB', '3530111333300000'],
    ['of UnionPay', '6200000000000005'],
    ['of Maestro', '6759649826438453'],
    ['of Troy', '9792030394440796'],
    ['in a megabyte of text', `${'ordinary words 12 '.repeat(60_000)}${VISA}`],
  ])('%s', (_, text) => {
    expect(containsCardNumber(text)).toBe(true)
  })
})

describe('other things are never taken for one', () => {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => String(Math.floor(Math.random() * 10))).join('')
  const time = (): Date => new Date(Math.floor(Math.random() * 4e12))
  it.each<[string, () => string]>([
    ['UUIDv4', () => randomUUID()],
    ['UUIDv7', () => v7()],
    ['a prefixed UUID', () => `order-${randomUUID().toUpperCase()}`],
    ['node ids', () => `customer_${v7().replaceAll('-', '')}`],
    ['digests', () => randomBytes([16, 20, 32, 64][Math.floor(Math.random() * 4)]!).toString('hex')],
    ['trace contexts', () => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`],
    ['sealed texts', () => `s1.${v7()}.${randomBytes(80).toString('base64url')}`],
    ['base64', () => randomBytes(200).toString('base64')],
    ['milliseconds', () => String(time().getTime())],
    ['microseconds', () => `${String(1e12 + (time().getTime() % 1e12))}${digits(3)}`],
    ['ISO timestamps', () => `${time().toISOString()} ${time().toISOString()}`],
    ['days', () => [time(), time(), time()].map((day) => day.toISOString().slice(0, 10)).join(' ')],
    ['days, year last', () => [time(), time()].map((day) => day.toLocaleDateString('en-GB')).join(' - ')],
    ['amounts', () => (Math.random() * 10 ** (Math.random() * 12)).toFixed(2)],
    ['telephone numbers', () => `+49 ${digits(3)} ${digits(4)}-${digits(4)}`],
    ['order ids', () => digits(12)],
  ])('20,000 of %s', (_, make) => {
    const mistaken = Array.from({ length: 20_000 }, make).filter(containsCardNumber)
    expect(mistaken).toEqual([])
  })

  it('a number that fails Luhn, or that no issuer has', () => {
    expect(containsCardNumber('4242424242424241')).toBe(false)
    expect(containsCardNumber('1234567812345670')).toBe(false)
    expect(containsCardNumber('')).toBe(false)
  })

  it('about one in 25 random numbers of 16 digits: the issuers own two fifths, and Luhn passes a tenth', () => {
    const found = Array.from({ length: 50_000 }, () => digits(16)).filter(containsCardNumber).length
    expect(found / 50_000).toBeGreaterThan(0.03)
    expect(found / 50_000).toBeLessThan(0.055)
  })
})

describe('a value that contains a card number', () => {
  it.each<[string, unknown]>([
    ['a string', VISA],
    ['a number', Number(VISA)],
    ['a bigint', BigInt(VISA)],
    ['nested', { a: [{ b: ['x', { c: `it is ${VISA}` }] }] }],
    ['a key', { [VISA]: 1 }],
    ['bytes', Buffer.from(`card ${VISA}`)],
  ])('is found as %s', (_, value) => {
    expect(containsCardNumberIn(value)).toBe(true)
  })

  it('is not seen in values without one', () => {
    expect(containsCardNumberIn({ id: randomUUID(), n: 1, ok: true, none: null, missing: undefined })).toBe(
      false,
    )
  })

  it('is found behind a cycle, and a cycle alone is no trouble', () => {
    const knot: Record<string, unknown> = {}
    knot['self'] = [knot]
    expect(containsCardNumberIn(knot)).toBe(false)
    knot['card'] = VISA
    expect(containsCardNumberIn(knot)).toBe(true)
  })

  it('is found 100,000 levels down without overflowing the stack', () => {
    let deep: unknown = VISA
    for (let level = 0; level < 100_000; level++) deep = [deep]
    expect(containsCardNumberIn(deep)).toBe(true)
  })

  it('is assumed of a value too large to look through', () => {
    expect(containsCardNumberIn(new Array(1_000_001).fill(0))).toBe(true)
  })
})

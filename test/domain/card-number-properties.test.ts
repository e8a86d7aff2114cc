import creditCardType from 'credit-card-type'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { containsCardNumber, containsCardNumberIn } from '../../src/domain/card-number.ts'

const SEPARATORS = ['', ' ', '-', '/', '_', ' - ', '\u00a0', '\u2009', '\u2013', '\u200b', '\u00ad', '  ']

function checkDigit(body: string): string {
  const sum = Array.from(body)
    .reverse()
    .reduce((total, character, index) => {
      const digit = Number(character) * (index % 2 === 0 ? 2 : 1)
      return total + (digit > 9 ? digit - 9 : digit)
    }, 0)
  return String((10 - (sum % 10)) % 10)
}

const brands = Object.values(creditCardType.types).map((name) => creditCardType.getTypeInfo(name))

/** Any valid number of any brand, of any length from 13 that the brand issues. */
const cardNumbers: fc.Arbitrary<string> = fc
  .constantFrom(
    ...brands.flatMap((brand) =>
      brand.patterns.flatMap((pattern) =>
        brand.lengths
          .filter((length) => length >= 13)
          .map((length) => ({ range: Array.isArray(pattern) ? pattern : [pattern, pattern], length })),
      ),
    ),
  )
  // JCB's four-digit ranges have 15 digits; the library gives them the lengths of the others.
  .filter(({ range }) => range[0] !== 2131 && range[0] !== 1800)
  .chain(({ range: [low = 0, high = 0], length }) =>
    fc.tuple(
      fc.integer({ min: low, max: high }),
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 19, maxLength: 19 }),
      fc.constant(length),
    ),
  )
  .map(([prefix, filler, length]) => {
    const body = `${prefix}${filler.join('')}`.slice(0, length - 1)
    return body + checkDigit(body)
  })

const separated = fc
  .tuple(cardNumbers, fc.array(fc.constantFrom(...SEPARATORS), { minLength: 19, maxLength: 19 }))
  .map(([number, gaps]) =>
    Array.from(number)
      .map((digit, index) => (index === 0 ? digit : `${gaps[index]}${digit}`))
      .join(''),
  )

const words = fc.string({ unit: fc.constantFrom(...Array.from('abcxyz ,;:"\'(){}[]é日')), maxLength: 20 })

describe('every valid number of every brand is found', () => {
  it('whatever separates its digits and whatever stands around it', () => {
    fc.assert(
      fc.property(words, separated, words, (before, number, after) => {
        expect(containsCardNumber(`${before}${number}${after}`)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('in JSON, in a URL and as a decoded value', () => {
    fc.assert(
      fc.property(separated, (number) => {
        expect(containsCardNumber(JSON.stringify({ query: `{ a(b: "${number}") }` }))).toBe(true)
        expect(containsCardNumber(`https://example.com/?q=${encodeURIComponent(number)}&x=1`)).toBe(true)
        expect(containsCardNumberIn({ list: [{ text: number }] })).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('in the digits of any script', () => {
    fc.assert(
      fc.property(cardNumbers, fc.constantFrom(0x660, 0x966, 0xff10, 0x1d7ce, 0x1e950), (number, zero) => {
        const written = Array.from(number)
          .map((digit) => String.fromCodePoint(zero + Number(digit)))
          .join('')
        expect(containsCardNumber(written)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

const ENCODED_SEPARATORS = ['%2D', '%2f', '%252D', '\\u002D', '\\x2d', '\\n', 'a', 'Z']

const fragments = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .tuple(cardNumbers, fc.constantFrom(...ENCODED_SEPARATORS))
      .map(([number, gap]) => number.replace(/.{4}(?=.)/g, `$&${gap}`)),
  },
  { weight: 3, arbitrary: separated },
  { weight: 3, arbitrary: cardNumbers },
  { weight: 4, arbitrary: fc.stringMatching(/^[0-9]{1,9}$/) },
  { weight: 2, arbitrary: fc.stringMatching(/^[0-9A-Za-z +./_@[`{:-]{1,20}$/) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('a', 'Z', ' ', '-', '+', '%20', '%3', '\\u0034', '\\x32', '\\\\', '\u0000'),
  },
  { weight: 1, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
)
/** Card numbers whole, broken by letters and escapes, and glued to other things. */
const jumbled = fc
  .tuple(
    fc.array(fragments, { maxLength: 6 }),
    fc.nat(100),
    fc.constantFrom('', '', 'a', 'Z', '%', '\\', '\\u0034'),
  )
  .map(([parts, at, breaker]) => {
    const text = parts.join('')
    return text.slice(0, at) + breaker + text.slice(at)
  })

describe('the quick look that spares most texts the full one', () => {
  it('never misses what the full one finds', () => {
    fc.assert(
      fc.property(jumbled, (text) => {
        // A character beyond ASCII demands the full look; behind a comma it changes nothing else.
        expect(containsCardNumber(text)).toBe(containsCardNumber(`${text},\u3042`))
      }),
      { numRuns: 20_000 },
    )
  })
})

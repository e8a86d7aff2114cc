import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { exponentOf, formatAmount, parseAmount, parsePositiveAmount } from '../../src/domain/money.ts'
import { BadUserInput } from '../../src/errors.ts'

const currency = fc.constantFrom('USD', 'EUR', 'GBP', 'JPY', 'KWD', 'HUF', 'IQD', 'CLF', 'BHD', 'ISK')

describe('an amount', () => {
  it.each([
    ['12.50', 'USD', 1250n],
    ['12.5', 'USD', 1250n],
    ['12', 'USD', 1200n],
    ['0.01', 'USD', 1n],
    ['0', 'USD', 0n],
    ['500', 'JPY', 500n],
    ['1.234', 'KWD', 1234n],
    ['7.25', 'HUF', 725n],
    ['9999999999999.99', 'USD', 999_999_999_999_999n],
  ])('%s %s is its minor units', (text, code, minor) => {
    expect(parseAmount(text, code)).toBe(minor)
  })

  it.each([
    '',
    ' ',
    '-1',
    '+1',
    '1e3',
    '1E3',
    '.5',
    '5.',
    '1,000',
    '1_000',
    '01',
    '00',
    '00.5',
    ' 1',
    '1 ',
    '1\n',
    '0x10',
    '١٢',
    '１２',
    'NaN',
    'Infinity',
    '1.2.3',
    '1.-2',
    '12.50 USD',
    '9'.repeat(5000),
  ])('%j is not one', (text) => {
    expect(() => parseAmount(text, 'USD')).toThrow(BadUserInput)
  })

  it.each([
    ['500.0', 'JPY'],
    ['1.001', 'USD'],
    ['1.000', 'USD'],
    ['1.2345', 'KWD'],
  ])('%s has more decimals than %s', (text, code) => {
    expect(() => parseAmount(text, code)).toThrow('more decimals')
  })

  it('beyond the bound is refused', () => {
    expect(() => parseAmount('10000000000000.00', 'USD')).toThrow('too large')
  })

  it.each(['XXX1', 'usd', 'US', '', 'ABC', '__proto__', 'constructor', 'MGA', 'default'])(
    'of the currency %j is refused',
    (code) => {
      expect(() => parseAmount('1', code)).toThrow(BadUserInput)
    },
  )

  it('of zero does not move', () => {
    expect(() => parsePositiveAmount('0.00', 'USD')).toThrow('more than zero')
  })

  it('is never repeated by its refusal', () => {
    expect(() => parseAmount('-4711.99', 'USD')).toThrow(expect.not.stringContaining('4711'))
  })

  it('reads as it is written, in every currency', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), currency, (minor, code) => {
        const text = formatAmount(minor, code)
        expect(parseAmount(text, code)).toBe(minor)
        expect(text.split('.')[1]?.length ?? 0).toBe(exponentOf(code))
      }),
    )
  })

  it('is either refused or written back as the same number, whatever the text', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{1,6}\.?[0-9]{0,4}$/))
    fc.assert(
      fc.property(text, currency, (input, code) => {
        let minor: bigint
        try {
          minor = parseAmount(input, code)
        } catch (error) {
          expect(error).toBeInstanceOf(BadUserInput)
          return
        }
        expect(Number(formatAmount(minor, code))).toBe(Number(input))
      }),
    )
  })
})

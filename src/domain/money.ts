import * as currencies from 'dinero.js/currencies'
import { BadUserInput } from '../errors.ts'

/** ISO 4217 by way of dinero.js. `Intl` is no source: CLDR's decimals are for display and differ for 17 currencies. */
const EXPONENTS: ReadonlyMap<string, number> = new Map(
  Object.values(currencies).flatMap(({ code, base, exponent }) =>
    base === 10 ? [[code, exponent] as const] : [],
  ),
)

/** More than any card payment, and far inside the database's 64 bits, so that sums stay inside too. */
const MAX_MINOR = 10n ** 15n - 1n
const DECIMAL = /^(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,18}))?$/

/** The currency's decimals: JPY 0, USD 2, KWD 3. @throws {BadUserInput} for a currency that is not known. */
export function exponentOf(currencyCode: string): number {
  const exponent = EXPONENTS.get(currencyCode)
  if (exponent === undefined) {
    throw new BadUserInput('The currency code must be a decimal currency of ISO 4217, such as USD.')
  }
  return exponent
}

/**
 * Minor units of a decimal text of major units, such as `12.50`.
 *
 * No sign, exponent, spaces or needless leading zeros, and no more decimals than the currency has: an
 * amount is never rounded. Zero is an amount; see `parsePositiveAmount`.
 * @throws {BadUserInput}
 */
export function parseAmount(text: string, currencyCode: string): bigint {
  const exponent = exponentOf(currencyCode)
  const [, major, decimals = ''] = DECIMAL.exec(text) ?? []
  if (major === undefined) {
    throw new BadUserInput('The amount must be a decimal number without a sign, such as 12.50.')
  }
  if (decimals.length > exponent) {
    throw new BadUserInput(`The amount has more decimals than its currency, which has ${exponent}.`)
  }
  const minor = BigInt(major + decimals.padEnd(exponent, '0'))
  if (minor > MAX_MINOR) throw new BadUserInput('The amount is too large.')
  return minor
}

/** As `parseAmount`, for money that moves: zero is refused. @throws {BadUserInput} */
export function parsePositiveAmount(text: string, currencyCode: string): bigint {
  const minor = parseAmount(text, currencyCode)
  if (minor === 0n) throw new BadUserInput('The amount must be more than zero.')
  return minor
}

/** The decimal text of minor units, with all of the currency's decimals: 1250n USD is `12.50`. */
export function formatAmount(minor: bigint, currencyCode: string): string {
  const exponent = exponentOf(currencyCode)
  const sign = minor < 0n ? '-' : ''
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0')
  if (exponent === 0) return sign + digits
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

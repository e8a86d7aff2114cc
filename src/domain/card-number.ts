import creditCardType from 'credit-card-type'
import { readableForms, withoutExemptTokens } from './card-number-text.ts'
import { ASCII_CLASSES, DIGIT_LIMIT, IGNORED, SEPARATOR, classOf } from './card-number-characters.ts'

const SHORTEST = 13
const LONGEST = 19
/** More separators than this between two digits, and they belong to two numbers. */
const MOST_SEPARATORS = 8
/** Values that one walk looks at. Beyond, the answer is "yes": what was not looked at is not let through. */
const MOST_VALUES = 1_000_000

/** Bit `length - SHORTEST` is set where a number of that length may begin with these four digits. */
const LENGTHS_BY_PREFIX = new Uint8Array(10_000)
/** The same for a number with digits glued behind it: 14 to 16 digits, and not Maestro, which owns every 6. */
const GLUED_BY_PREFIX = new Uint8Array(10_000)

/**
 * What `credit-card-type` leaves out: Visa numbers of 13 digits, RuPay's 81 and 82 (it knows 60, 65 and
 * 508 as others'), and that JCB's two four-digit ranges have 15 digits and no other length.
 */
const MORE_RANGES: readonly (readonly [low: number, high: number, lengths: readonly number[]])[] = [
  [4, 4, [13]],
  [81, 82, [16]],
  [2131, 2131, [15]],
  [1800, 1800, [15]],
]
const REPLACED_PATTERNS = new Set([2131, 1800])

function addRange(table: Uint8Array, low: number, high: number, lengths: readonly number[]): void {
  const width = String(low).length
  const scale = 10 ** (4 - width)
  const first = Math.floor(low * scale)
  const last = Math.floor(width > 4 ? high * scale : (high + 1) * scale - 1)
  const bits = lengths
    .filter((length) => length >= SHORTEST && length <= LONGEST)
    .reduce((mask, length) => mask | (1 << (length - SHORTEST)), 0)
  for (let prefix = first; prefix <= last; prefix++) table[prefix] = (table[prefix] ?? 0) | bits
}

function loadRanges(): void {
  for (const name of Object.values(creditCardType.types)) {
    const brand = creditCardType.getTypeInfo(name)
    const glued = name === 'maestro' ? [] : brand.lengths.filter((length) => length >= 14 && length <= 16)
    for (const pattern of brand.patterns) {
      const [low = 0, high = low] = Array.isArray(pattern) ? pattern : [pattern]
      if (REPLACED_PATTERNS.has(low)) continue
      addRange(LENGTHS_BY_PREFIX, low, high, brand.lengths)
      addRange(GLUED_BY_PREFIX, low, high, glued)
    }
  }
  for (const [low, high, lengths] of MORE_RANGES) addRange(LENGTHS_BY_PREFIX, low, high, lengths)
}
loadRanges()

const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9] as const
const RING = 32
const PERCENT = 0x25
const BACKSLASH = 0x5c

/** One run of digits and separators, of which the last digits are kept: enough for the longest number. */
class DigitRun {
  private readonly digits = new Uint8Array(RING)
  private readonly opensGroup = new Uint8Array(RING)
  // Luhn's sums (ISO/IEC 7812-1) up to each digit, doubling every even or every odd position: the sum of
  // any window is then one subtraction.
  private readonly evenDoubled = new Int32Array(RING)
  private readonly oddDoubled = new Int32Array(RING)
  private count = 0
  /** Where the present group's first digit other than zero stands. */
  private lead = 0
  private inGroup = false

  restart(): void {
    this.count = 0
    this.inGroup = false
  }

  /** Leaves no digit in memory. */
  forget(): void {
    for (const kept of [this.digits, this.opensGroup, this.evenDoubled, this.oddDoubled]) kept.fill(0)
    this.restart()
  }

  /** Adds a digit. True when a card number with digits glued behind it has come together. */
  add(digit: number): boolean {
    const at = this.count & (RING - 1)
    const next = (this.count + 1) & (RING - 1)
    if (this.count === 0) this.evenDoubled[at] = this.oddDoubled[at] = 0
    const doubled = DOUBLED[digit] ?? 0
    const isEven = (this.count & 1) === 0
    this.evenDoubled[next] = (this.evenDoubled[at] ?? 0) + (isEven ? doubled : digit)
    this.oddDoubled[next] = (this.oddDoubled[at] ?? 0) + (isEven ? digit : doubled)
    this.digits[at] = digit
    this.opensGroup[at] = this.inGroup ? 0 : 1
    if (!this.inGroup) this.lead = this.count
    this.inGroup = true
    if (digit === 0 && this.lead === this.count) this.lead++
    this.count++
    return this.count - this.lead === 17 && this.hasGluedNumber()
  }

  /** Ends a group. True when a card number ends here that began where a group does. */
  endGroup(): boolean {
    this.inGroup = false
    if (this.count < SHORTEST) return false
    for (let length = SHORTEST; length <= LONGEST && length <= this.count; length++) {
      const start = this.count - length
      const begins = this.opensGroup[start & (RING - 1)] === 1 || start === this.lead
      if (begins && this.isCardNumber(start, length, LENGTHS_BY_PREFIX)) return true
    }
    return false
  }

  private hasGluedNumber(): boolean {
    for (let length = 14; length <= 16; length++) {
      if (this.isCardNumber(this.lead, length, GLUED_BY_PREFIX)) return true
    }
    return false
  }

  private isCardNumber(start: number, length: number, table: Uint8Array): boolean {
    let prefix = 0
    for (let index = 0; index < 4; index++) {
      prefix = prefix * 10 + (this.digits[(start + index) & (RING - 1)] ?? 0)
    }
    if (((table[prefix] ?? 0) & (1 << (length - SHORTEST))) === 0) return false
    const end = start + length
    const sums = (end & 1) === 0 ? this.evenDoubled : this.oddDoubled
    return ((sums[end & (RING - 1)] ?? 0) - (sums[start & (RING - 1)] ?? 0)) % 10 === 0
  }
}

/** Separators since the run's last digit: 0 inside a group, more than `MOST_SEPARATORS` outside any run. */
const NO_RUN = MOST_SEPARATORS + 1

/** One for all scans, which are synchronous: a new one has four arrays, and `restart` makes this as good. */
const run = new DigitRun()

/**
 * Whether a text is worth the full look: it spares most texts that. Digits that an ASCII letter parts are
 * two runs to `scan` as well, unless something is encoded: then, and beyond ASCII, the full look decides.
 */
function mayContainCardNumber(text: string): boolean {
  let digits = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 0x30 && code <= 0x39) {
      if (++digits === SHORTEST) return true
    } else if (code >= 0x80 || code === PERCENT || code === BACKSLASH) return true
    else if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) digits = 0
  }
  return false
}

function scanDigits(text: string): boolean {
  let separators = NO_RUN
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const kind = code < 128 ? ASCII_CLASSES[code] : classOf(code)
    if (kind === undefined || kind === IGNORED) continue
    if (kind < DIGIT_LIMIT) {
      if (separators === NO_RUN) run.restart()
      separators = 0
      if (run.add(kind)) return true
    } else if (separators !== NO_RUN) {
      if (separators === 0 && run.endGroup()) return true
      separators = kind === SEPARATOR ? separators + 1 : NO_RUN
    }
  }
  return separators === 0 && run.endGroup()
}

function scan(text: string): boolean {
  const found = scanDigits(text)
  run.forget()
  return found
}

/**
 * Whether a text contains a payment card number, so that a request, a log line or a row that carries one
 * can be refused (PCI DSS 3.2, 3.3, 3.5): 13 to 19 digits that begin as a known issuer's, have a length
 * that it issues and pass Luhn's check (ISO/IEC 7812-1), however they are written: in one piece or with up
 * to eight spaces, hyphens, dots, slashes or underscores of any script between any two, with invisible
 * characters among them, in digits of any script, percent-encoded, form-encoded, with JSON escapes, with
 * letters glued to either side or digits glued behind.
 *
 * Never taken for one: UUIDs with and without hyphens, hexadecimal digests and object ids, trace contexts,
 * telephone numbers that begin with `+`, amounts of up to 14 digits, dates, timestamps, and what base64
 * spells (sealed texts and tokens). Only whole, well-formed tokens are exempt: a number beside or around
 * one is found.
 *
 * It cannot see: a number split over two fields, or by what is no separator; one that is encoded (base64,
 * reversed, spelt in words) or given the exact form of an exempt token; one with other digits glued before
 * it. One in 25 random numbers of 16 digits is a card number as far as anyone can tell: issuers own two
 * fifths of them, and Luhn's check passes a tenth. It is a tripwire against mistakes, not a proof of absence.
 *
 * Linear in the length of the text.
 */
export function containsCardNumber(text: string): boolean {
  if (!mayContainCardNumber(text)) return false
  return readableForms(text).some((form) => scan(form) && scan(withoutExemptTokens(form)))
}

function leafContains(value: unknown): boolean {
  if (typeof value === 'string') return containsCardNumber(value)
  if (typeof value === 'number' || typeof value === 'bigint') return containsCardNumber(String(value))
  if (ArrayBuffer.isView(value)) {
    return containsCardNumber(
      Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'),
    )
  }
  return false
}

/**
 * Whether a JSON-like value contains a card number in a string, number, bigint, byte array or key, at any
 * depth. Iterative, and safe with cycles; of a value with more than a million parts it says yes.
 */
export function containsCardNumberIn(value: unknown): boolean {
  const seen = new Set<object>()
  const pending: unknown[] = [value]
  let looked = 0
  while (pending.length > 0) {
    const next = pending.pop()
    if (++looked > MOST_VALUES) return true
    if (leafContains(next)) return true
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next) || seen.has(next)) continue
    seen.add(next)
    if (!Array.isArray(next) && Object.keys(next).some(containsCardNumber)) return true
    for (const part of Object.values(next)) pending.push(part)
  }
  return false
}

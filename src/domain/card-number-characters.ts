/** Classes of a character: 0 to 9 are digits of that value. */
export const DIGIT_LIMIT = 10
export const SEPARATOR = 10
export const IGNORED = 11
const OTHER = 12

const ASCII_SEPARATORS = ' \t\n\v\f\r-./_'
const DECIMAL_DIGIT = /^\p{Nd}$/u
const SPACE_OR_DASH = /^[\p{Zs}\p{Zl}\p{Zp}\p{Pd}\u2212\u00b7\u2022\u2044\u2215\ufe58\ufe63]$/u
/** Zero-width and combining characters: a reader sees the digits around them as neighbours. */
const INVISIBLE = /^[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]$/u

/** The value of a digit of any script: each script's ten stand in order, in whole blocks of ten. */
function digitValue(code: number): number {
  let before = 0
  while (DECIMAL_DIGIT.test(String.fromCodePoint(code - before - 1))) before++
  return before % 10
}

function classify(code: number): number {
  const character = String.fromCodePoint(code)
  if (ASCII_SEPARATORS.includes(character) || SPACE_OR_DASH.test(character)) return SEPARATOR
  if (INVISIBLE.test(character)) return IGNORED
  const plain = character.normalize('NFKC')
  if (/^[0-9]$/.test(plain)) return Number(plain)
  return DECIMAL_DIGIT.test(character) ? digitValue(code) : OTHER
}

export const ASCII_CLASSES = Uint8Array.from({ length: 128 }, (_, code) => classify(code))
/** Classes of all other code units, filled as they are met; zero is "not met yet". */
const others = new Uint8Array(0x10000)

/** The class of a UTF-16 code unit. */
export function classOf(code: number): number {
  if (code < 128) return ASCII_CLASSES[code] ?? OTHER
  const known = others[code] ?? 0
  if (known !== 0) return known - 1
  const found = classify(code)
  others[code] = found + 1
  return found
}

/** Digits beyond the basic plane (mathematical, Adlam and others) as ASCII, so that code units suffice. */
export function plainDigits(text: string): string {
  if (!/[\ud800-\udbff]/.test(text)) return text
  return text.replace(/[\u{10000}-\u{10ffff}]/gu, (character) => {
    const kind = classify(character.codePointAt(0) ?? 0)
    if (kind < DIGIT_LIMIT) return String(kind)
    return kind === IGNORED ? '' : kind === SEPARATOR ? ' ' : character
  })
}

import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Normalizer } from './field-spec.ts'

const normalisers: Readonly<Record<Normalizer, (text: string) => string>> = {
  exact: (text) => text,
  email: normaliseEmail,
  phone: normalisePhone,
  name: normaliseName,
}

/**
 * What a blind index hashes instead of the text, so that a lookup finds what a person would call equal.
 * The sealed value keeps what was typed.
 */
export function normaliseText(how: Normalizer, text: string): string {
  return normalisers[how](text)
}

/**
 * The whole address in lower case, also before the `@`: RFC 5321 (2.4) lets a server tell `Ann@` from
 * `ann@`, but hardly one does, and who searches for an address does not know how it was once typed.
 */
function normaliseEmail(text: string): string {
  return text.trim().normalize('NFC').toLowerCase().normalize('NFC')
}

/** E.164 when the number is whole, else its digits, with `+` where one leads. No country is guessed. */
function normalisePhone(text: string): string {
  const parsed = parsePhoneNumberFromString(text)
  if (parsed !== undefined) return parsed.number
  const digits = text.replace(/\D/g, '')
  if (digits === '') return text.trim()
  return text.trim().startsWith('+') ? `+${digits}` : digits
}

/**
 * Compatible forms, spaces and case are one (NFKC, then upper and lower case: JavaScript has no case
 * folding, and this joins `Straße` with `STRASSE`). Accents still tell names apart.
 */
function normaliseName(text: string): string {
  const spaced = text.normalize('NFKC').trim().replace(/\s+/gu, ' ')
  return spaced.toUpperCase().toLowerCase().normalize('NFKC')
}

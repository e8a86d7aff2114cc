import { BadUserInput } from '../errors.ts'
import type { CustomerInput } from './customer.ts'
import { checkText } from './text-input.ts'

/** One `@`, a local part of at most 64 characters and a domain with a dot (RFC 5321 lengths). */
const EMAIL = /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.)+[\p{L}\p{N}-]{2,63}$/u
const PHONE = /^\+?[0-9 ()./-]+$/
/** ITU-T E.164: at most 15 digits. */
const MIN_DIGITS = 5
const MAX_DIGITS = 15

const LENGTHS = { company: 255, email: 254, firstName: 255, lastName: 255, phoneNumber: 40 } as const

type Field = keyof typeof LENGTHS

const FIELDS = Object.keys(LENGTHS) as readonly Field[]

function checkShape(field: Field, text: string): void {
  if (field === 'email' && !EMAIL.test(text)) {
    throw new BadUserInput('`email` must be an email address, such as name@example.com.')
  }
  const digits = text.replaceAll(/[^0-9]/g, '').length
  if (field === 'phoneNumber' && (!PHONE.test(text) || digits < MIN_DIGITS || digits > MAX_DIGITS)) {
    throw new BadUserInput('`phoneNumber` must be a phone number, best with its country code.')
  }
}

/**
 * The columns that an input sets, checked: null removes a value, and what is left out is not there.
 * @throws {BadUserInput} naming the field and never its value.
 */
export function customerColumns(input: CustomerInput): Partial<Record<Field, string | null>> {
  const columns: Partial<Record<Field, string | null>> = {}
  for (const field of FIELDS) {
    const text = checkText(input[field], field, LENGTHS[field])
    if (text === undefined) continue
    if (text !== null) checkShape(field, text)
    columns[field] = text
  }
  return columns
}

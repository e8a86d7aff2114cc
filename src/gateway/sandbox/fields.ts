import { SandboxError } from './sandbox-error.ts'

/** A JSON object of a request, of which every field must be asked for by name. */
export type Fields = Readonly<Record<string, unknown>>

const fault = (message: string) => new SandboxError(400, 'invalid_request', message)

/** The value as an object that has no other fields than these. */
export function objectOf(value: unknown, what: string, allowed: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fault(`${what} must be a JSON object.`)
  }
  if (Object.keys(value).some((name) => !allowed.includes(name))) {
    throw fault(`${what} has a field that is not known. Known are: ${allowed.join(', ')}.`)
  }
  return value as Fields
}

export function textOf(fields: Fields, name: string, maxLength = 255): string {
  const value = fields[name]
  if (typeof value !== 'string' || value === '' || value.length > maxLength) {
    throw fault(`\`${name}\` must be a text of 1 to ${maxLength} characters.`)
  }
  return value
}

export function optionalTextOf(fields: Fields, name: string, maxLength = 255): string | null {
  return fields[name] == null ? null : textOf(fields, name, maxLength)
}

export function integerOf(fields: Fields, name: string, min: number, max: number): number {
  const value = fields[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    throw fault(`\`${name}\` must be a whole number from ${min} to ${max}.`)
  }
  return value
}

export function booleanOf(fields: Fields, name: string): boolean {
  const value = fields[name]
  if (typeof value !== 'boolean') throw fault(`\`${name}\` must be true or false.`)
  return value
}

export function choiceOf<T extends string>(fields: Fields, name: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === fields[name])
  if (found === undefined) throw fault(`\`${name}\` must be one of ${choices.join(', ')}.`)
  return found
}

export interface Amount {
  readonly minor: bigint
  readonly currencyCode: string
}

/** Money on the wire: `{ "minor": "1250", "currencyCode": "USD" }`. */
export function amountOf(fields: Fields, name: string): Amount {
  const amount = objectOf(fields[name], `\`${name}\``, ['minor', 'currencyCode'])
  const minor = textOf(amount, 'minor', 18)
  const currencyCode = textOf(amount, 'currencyCode', 3)
  if (!/^[1-9][0-9]*$/.test(minor))
    throw fault(`\`${name}.minor\` must be a positive whole number in digits.`)
  if (!/^[A-Z]{3}$/.test(currencyCode)) throw fault(`\`${name}.currencyCode\` must be an ISO 4217 code.`)
  return { minor: BigInt(minor), currencyCode }
}

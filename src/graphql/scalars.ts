import { GraphQLScalarType, Kind } from 'graphql'
import type { ValueNode } from 'graphql'
import { BadUserInput } from '../errors.ts'

const AMOUNT = /^(0|[1-9]\d{0,14})(\.\d{1,8})?$/
const TIMESTAMP = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/
const CURRENCY = /^[A-Z]{3}$/

/** A scalar that is text on the wire. Its errors say what is expected, and never what came. */
function textScalar<Internal>(
  name: string,
  expected: string,
  parse: (text: string) => Internal | null,
  print: (value: unknown) => string,
): GraphQLScalarType<Internal, string> {
  const parseValue = (value: unknown): Internal => {
    const parsed = typeof value === 'string' ? parse(value) : null
    if (parsed === null) throw new BadUserInput(`${name} must be ${expected}.`)
    return parsed
  }
  const parseLiteral = (node: ValueNode): Internal =>
    parseValue(node.kind === Kind.STRING ? node.value : undefined)
  return new GraphQLScalarType({ name, serialize: print, parseValue, parseLiteral })
}

function printText(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('A text scalar got something else.')
  return value
}

/** JavaScript takes 30 February for 2 March: a day that its month does not have is refused. */
function parseTimestamp(text: string): Date | null {
  const [, year, month, day] = TIMESTAMP.exec(text) ?? []
  if (Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return null
  const time = new Date(text)
  return year === undefined || Number.isNaN(time.getTime()) ? null : time
}

function printTimestamp(value: unknown): string {
  if (!(value instanceof Date)) throw new TypeError('Timestamp got something else than a Date.')
  return value.toISOString()
}

export const scalars = {
  Amount: textScalar(
    'Amount',
    'a decimal number as text, such as "12.50"',
    (text) => (AMOUNT.test(text) ? text : null),
    printText,
  ),
  Timestamp: textScalar(
    'Timestamp',
    'a time of RFC 3339, such as "2026-01-31T12:00:00Z"',
    parseTimestamp,
    printTimestamp,
  ),
  CurrencyCodeAlpha: textScalar(
    'CurrencyCodeAlpha',
    'a currency code of ISO 4217, such as "USD"',
    (text) => (CURRENCY.test(text) ? text : null),
    printText,
  ),
}

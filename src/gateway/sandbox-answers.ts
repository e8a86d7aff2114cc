import { GatewayUnavailable } from '../errors.ts'
import type {
  BillingAddress,
  CardDetails,
  GatewayOutcome,
  GatewayPaymentState,
  VaultedMethod,
} from './gateway.ts'

/** An answer of another shape is a fault of the gateway's, and what it did is unknown. */
const malformed = () => new GatewayUnavailable(undefined, { cause: new Error('MALFORMED_ANSWER') })

type Fields = Readonly<Record<string, unknown>>

function objectOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed()
  return value as Fields
}

function text(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string') throw malformed()
  return value
}

const nullableText = (fields: Fields, name: string): string | null =>
  fields[name] === null ? null : text(fields, name)

function integer(fields: Fields, name: string, min: number, max: number): number {
  const value = fields[name]
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) throw malformed()
  return value
}

function choice<T extends string>(fields: Fields, name: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === fields[name])
  if (found === undefined) throw malformed()
  return found
}

function matching(fields: Fields, name: string, form: RegExp): string {
  const value = text(fields, name)
  if (!form.test(value)) throw malformed()
  return value
}

const STATES: readonly GatewayPaymentState[] = [
  'AUTHORIZED',
  'AUTHORIZATION_EXPIRED',
  'SUBMITTED_FOR_SETTLEMENT',
  'SETTLING',
  'SETTLEMENT_PENDING',
  'SETTLEMENT_CONFIRMED',
  'SETTLED',
  'SETTLEMENT_DECLINED',
  'VOIDED',
]
const DECLINE_TYPES = ['SOFT', 'HARD'] as const
const ADDRESS_FIELDS = ['streetAddress', 'locality', 'region', 'postalCode', 'countryCode'] as const

function addressIn(value: unknown): BillingAddress | null {
  if (value === null) return null
  const address = objectOf(value)
  const given = ADDRESS_FIELDS.filter((name) => address[name] !== undefined)
  return Object.fromEntries(given.map((name) => [name, text(address, name)]))
}

/** A card, whose form is checked so that no more than its last four and first six digits ever come in. */
function cardOf(value: unknown): CardDetails {
  const card = objectOf(value)
  return {
    brandCode: text(card, 'brandCode'),
    last4: matching(card, 'last4', /^[0-9]{4}$/),
    bin: matching(card, 'bin', /^[0-9]{6}$/),
    expirationMonth: integer(card, 'expirationMonth', 1, 12),
    expirationYear: integer(card, 'expirationYear', 2000, 2099),
    uniqueNumberIdentifier: text(card, 'uniqueNumberIdentifier'),
    cardholderName: nullableText(card, 'cardholderName'),
    billingAddress: addressIn(card['billingAddress']),
  }
}

export const cardIn = (answer: unknown): CardDetails => cardOf(objectOf(answer)['card'])

export const clientTokenIn = (answer: unknown): string => text(objectOf(answer), 'clientToken')

export const stateIn = (answer: unknown): GatewayPaymentState => choice(objectOf(answer), 'state', STATES)

export function outcomeIn(answer: unknown): GatewayOutcome {
  const fields = objectOf(answer)
  return {
    result: choice(fields, 'result', ['APPROVED', 'DECLINED', 'REJECTED']),
    reference: nullableText(fields, 'reference'),
    responseCode: text(fields, 'responseCode'),
    responseMessage: text(fields, 'responseMessage'),
    declineType: fields['declineType'] === null ? null : choice(fields, 'declineType', DECLINE_TYPES),
  }
}

export function vaultedIn(answer: unknown): VaultedMethod | null {
  const { method } = objectOf(answer)
  if (method === null) return null
  return { token: text(objectOf(method), 'token'), card: cardIn(method) }
}

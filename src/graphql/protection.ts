import { recordOfCard } from './card-source.ts'
import type { CardSource } from './card-source.ts'
import type { Context } from './context.ts'
import type { Protection, RecordKey } from './directives/protection.ts'

/** Which model each type shows: the schema build proves the SDL's `@encrypted` against the models' sealed columns. */
export const MODELS: Readonly<Record<string, string>> = {
  Customer: 'Customer',
  PaymentMethod: 'CustomerGatewayToken',
  CreditCardDetails: 'CustomerGatewayToken',
  Transaction: 'Transaction',
  Refund: 'Refund',
  DataKey: 'DataKey',
  AuditEvent: 'AuditEvent',
}

/** Any record that a protected field is read from. */
interface Source {
  readonly id: string
  readonly customerId?: string | null
}

/** The row of the customer to whom a record belongs, by the record's type. */
const OWNER: Readonly<Record<string, (source: Source) => string | null | undefined>> = {
  Customer: ({ id }) => id,
  PaymentMethod: ({ customerId }) => customerId,
  CreditCardDetails: ({ customerId }) => customerId,
  Transaction: ({ customerId }) => customerId,
}

function recordOf(typeName: string, source: unknown): RecordKey | null {
  if (typeName === 'CreditCardDetails') return recordOfCard(source as CardSource)
  return Object.hasOwn(MODELS, typeName) ? { type: typeName, id: (source as Source).id } : null
}

/** What the directives know of Sealpay: its callers, whose record is whose, and where openings are gathered. */
export const protection: Protection<Context> = {
  principalOf: ({ caller }) => caller?.principal ?? null,
  ownedTypes: Object.keys(OWNER),
  ownsRecord({ caller }, typeName, source) {
    const customerId = caller?.principal.roles.has('CUSTOMER') ? caller.principal.customerId : null
    return customerId != null && OWNER[typeName]?.(source as Source) === customerId
  },
  recordOf,
  opened: ({ access }, opening) => access.opened(opening),
  refused: ({ access }, { coordinate }) => access.refused(coordinate),
}

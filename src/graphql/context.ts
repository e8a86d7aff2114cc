import { BadUserInput, Unauthenticated } from '../errors.ts'
import type { AuditQueries } from '../domain/audit.ts'
import type { Customers } from '../domain/customer.ts'
import type { DataKeys } from '../domain/data-keys.ts'
import type { PaymentMethods } from '../domain/payment-method.ts'
import type { PaymentQueries, Payments } from '../domain/payment.ts'
import type { Caller, Principal } from '../domain/principal.ts'
import { createAccessLog } from './access-log.ts'
import type { AccessLog } from './access-log.ts'
import { createLoaders } from './loaders.ts'
import type { Loaders } from './loaders.ts'

/** The use cases that resolvers call. */
export interface Services {
  readonly customers: Customers
  readonly paymentMethods: PaymentMethods
  readonly payments: Payments
  readonly paymentQueries: PaymentQueries
  readonly auditQueries: AuditQueries
  readonly dataKeys: DataKeys
}

/** What a resolver knows of its request. */
export interface Context {
  readonly requestId: string
  /** Null for a request without a token. */
  readonly caller: Caller | null
  /** The `Idempotency-Key` header. */
  readonly idempotencyKey: string | null
  readonly services: Services
  readonly loaders: Loaders
  readonly access: AccessLog
}

/** What the server knows of a request. */
export interface RequestFacts extends Omit<Caller, 'principal'> {
  readonly idempotencyKey: string | null
}

/** The context of one request. */
export function createContext(services: Services, facts: RequestFacts, principal: Principal | null): Context {
  const { requestId, operationName, reason, idempotencyKey } = facts
  const caller = principal === null ? null : { principal, requestId, operationName, reason }
  return {
    requestId,
    caller,
    idempotencyKey,
    services,
    loaders: createLoaders(services, caller),
    access: createAccessLog(),
  }
}

/** The caller of a field that is not public. @throws {Unauthenticated} */
export function callerOf(context: Context): Caller {
  if (context.caller === null) throw new Unauthenticated()
  return context.caller
}

/** The idempotency key, from the input or the header. @throws {BadUserInput} when both are there and differ. */
export function idempotencyKeyOf(context: Context, given: string | null | undefined): string | null {
  const inHeader = context.idempotencyKey
  if (given != null && inHeader !== null && given !== inHeader) {
    throw new BadUserInput('`idempotencyKey` and the Idempotency-Key header differ. Give one of them.')
  }
  return given ?? inHeader
}

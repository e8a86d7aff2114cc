import type { PaymentKind } from './status.ts'

/** An opened field: of which record, and how it was shown. */
export interface Opening {
  readonly type: string
  /** The row's id. */
  readonly id: string
  readonly field: string
  readonly shown: 'CLEAR' | 'MASKED'
}

export type MoneyAction = 'AUTHORIZE' | 'CHARGE' | 'CAPTURE' | 'VOID' | 'REFUND'

/** What an entry about money says. */
export interface MoneyEntry {
  readonly payment: { readonly type: PaymentKind; readonly id: string }
  readonly attemptId: string
  readonly action: MoneyAction
  readonly amountMinor: bigint
  readonly currencyCode: string
}

/**
 * What may be written to the audit: a closed union, so that ids, field names, codes and amounts fit and
 * a protected value has no place to go.
 */
export type AuditEntry =
  | { readonly kind: 'FIELDS_OPENED'; readonly openings: readonly Opening[] }
  /** Schema coordinates, such as `Customer.email`. */
  | { readonly kind: 'ACCESS_REFUSED'; readonly coordinates: readonly string[] }
  | (MoneyEntry & { readonly kind: 'MONEY_INTENDED' })
  | (MoneyEntry & {
      readonly kind: 'MONEY_MOVED'
      /** LATE: approved after it had been given up; to be looked into by a person. */
      readonly outcome: 'APPROVED' | 'DECLINED' | 'REJECTED' | 'NOT_RECEIVED' | 'LATE'
      readonly responseCode: string | null
    })
  | {
      readonly kind: 'KEY_OPERATION'
      readonly operation: string
      readonly outcome: string
      readonly keyId: string
      readonly keyring: string
      readonly purpose: 'ENCRYPTION' | 'INDEX'
    }
  | {
      readonly kind: 'CUSTOMER_CHANGED'
      readonly customerId: string
      readonly change: 'CREATED' | 'UPDATED' | 'DELETED'
      /** Names of what was set or removed. */
      readonly fields: readonly string[]
    }
  | {
      readonly kind: 'PAYMENT_METHOD_CHANGED'
      readonly paymentMethodId: string
      readonly customerId: string
      readonly change: 'VAULTED' | 'DELETED'
    }
  /** Names of the conditions, never their values. */
  | { readonly kind: 'AUDIT_READ'; readonly conditions: readonly string[] }
  /** Where it was: `variables`, `document`, `header`, `path`. */
  | { readonly kind: 'CARD_NUMBER_REFUSED'; readonly place: string }
  | { readonly kind: 'AUTHENTICATION_FAILED' }

export type AuditKind = AuditEntry['kind']

/** Who did it, in which request. A `Caller` is one too. */
export interface AuditActor {
  readonly id: string
  readonly roles: readonly string[]
  readonly requestId: string | null
  readonly operationName: string | null
  readonly reason: string | null
}

export interface AuditRecordRow {
  readonly typeName: string
  readonly recordId: string
  /** `email CLEAR`, `email MASKED`; empty when the event is not about fields. */
  readonly fields: readonly string[]
}

/** Nobody: who sent a token that was not accepted. */
export function unknownActor(requestId: string): AuditActor {
  return { id: 'unknown', roles: [], requestId, operationName: null, reason: null }
}

/** A part of this service that acts on its own, such as recovery. */
export function systemActor(name: string): AuditActor {
  return { id: `system:${name}`, roles: [], requestId: null, operationName: null, reason: null }
}

/** An audit event as it is read back. */
export interface AuditEventRecord {
  readonly id: string
  readonly createdAt: Date
  readonly kind: AuditKind
  readonly outcome: string
  readonly actorId: string
  readonly actorRoles: readonly string[]
  readonly requestId: string | null
  readonly operationName: string | null
  readonly reason: string | null
  readonly records: readonly AuditRecordRow[]
  /** Schema coordinates that were refused. */
  readonly refused: readonly string[]
  readonly amount: { readonly minor: bigint; readonly currencyCode: string } | null
}

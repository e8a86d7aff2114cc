import type { CardRecord, PaymentMethodReference } from './payment-method.ts'
import type { Page, PageRequest } from './page.ts'
import type { Caller } from './principal.ts'
import type { Optional, PaymentSearch } from './search.ts'
import type { PaymentStatus } from './status.ts'

export type PaymentSource = 'API' | 'CONTROL_PANEL' | 'PAYMENT_READER' | 'RECURRING' | 'UNKNOWN'

/** Money asked of a payment method. Amounts are in the currency's minor units; the card is as it was then. */
export interface TransactionRecord extends CardRecord {
  readonly id: string
  readonly createdAt: Date
  readonly status: PaymentStatus
  readonly source: PaymentSource
  readonly currencyCode: string
  readonly amountMinor: bigint
  readonly authorizedMinor: bigint
  /** Captured, with what is being captured now. */
  readonly capturedMinor: bigint
  /** Given back, with what is being given back now. */
  readonly refundedMinor: bigint
  readonly orderId: string | null
  readonly customerId: string | null
  readonly paymentMethodId: string | null
}

/** Money given back of one transaction. */
export interface RefundRecord {
  readonly id: string
  readonly createdAt: Date
  readonly status: PaymentStatus
  readonly source: PaymentSource
  readonly transactionId: string
  readonly currencyCode: string
  readonly amountMinor: bigint
  readonly orderId: string | null
  readonly reason: string | null
}

/** One step of a transaction's or a refund's life. */
export interface StatusEventRecord {
  readonly id: string
  readonly createdAt: Date
  readonly status: PaymentStatus
  readonly amountMinor: bigint
  readonly currencyCode: string
  readonly source: PaymentSource
  readonly terminal: boolean
  /** The processor's code and words, from the gateway's fixed list; null when the step has none. */
  readonly responseCode: string | null
  readonly responseMessage: string | null
  /** SOFT or HARD for a decline, else null. */
  readonly declineType: string | null
}

export interface PayInput {
  readonly method: PaymentMethodReference
  /** Decimal text of major units. */
  readonly amount: string
  readonly currencyCode?: Optional<string>
  readonly orderId?: Optional<string>
  readonly customerId?: Optional<string>
  /** When a single-use method is stored for the customer afterwards. */
  readonly vault?: Optional<'ON_SUCCESSFUL_TRANSACTION' | 'ALWAYS'>
  readonly idempotencyKey: string | null
}

export interface CaptureInput {
  readonly transactionId: string
  /** All that is left when left out. */
  readonly amount?: Optional<string>
  readonly orderId?: Optional<string>
  readonly idempotencyKey: string | null
}

export interface RefundInput {
  readonly transactionId: string
  /** All that is left when left out. */
  readonly amount?: Optional<string>
  readonly orderId?: Optional<string>
  readonly reason?: Optional<string>
  readonly idempotencyKey: string | null
}

export interface ReverseInput {
  readonly transactionId: string
  readonly idempotencyKey: string | null
}

/** How a transaction was undone: voided, or refunded. */
export type Reversal =
  | { readonly type: 'Transaction'; readonly transaction: TransactionRecord }
  | { readonly type: 'Refund'; readonly refund: RefundRecord }

/**
 * The use cases that move money. A decline is data, in the record's status and history.
 *
 * All of them throw `NotFound` for what is not there or not the caller's, `BadUserInput` for a wrong
 * amount, currency or text, `InvalidTransition` when the payment's status does not allow the step,
 * `Conflict` for a single-use token that was used, the idempotency errors, and `GatewayUnavailable`
 * (retryable with the same key) while the gateway's answer is not known.
 */
export interface Payments {
  authorise(caller: Caller, input: PayInput): Promise<TransactionRecord>
  /** Authorises and captures in one step. */
  charge(caller: Caller, input: PayInput): Promise<TransactionRecord>
  /** All of what is left of an authorisation, or a part; may be repeated until all is captured. */
  capture(caller: Caller, input: CaptureInput): Promise<TransactionRecord>
  /** All of what is left of what was captured, or a part. */
  refund(caller: Caller, input: RefundInput): Promise<RefundRecord>
  /** A void while nothing is settled or given back, else a refund of what is left. */
  reverse(caller: Caller, input: ReverseInput): Promise<Reversal>
}

/** The reading side of payments. What a caller cannot see is not there. */
export interface PaymentQueries {
  /** @throws {NotFound} */
  transaction(caller: Caller, id: string): Promise<TransactionRecord>
  /** @throws {NotFound} */
  refund(caller: Caller, id: string): Promise<RefundRecord>
  /** In the order of the ids; null for each that the caller cannot see. */
  transactionsByIds(caller: Caller, ids: readonly string[]): Promise<readonly (TransactionRecord | null)[]>
  /** For each transaction id its refunds, newest first. */
  refundsOf(caller: Caller, transactionIds: readonly string[]): Promise<readonly (readonly RefundRecord[])[]>
  /** For each transaction's or refund's id its history, newest first. */
  historiesOf(
    caller: Caller,
    paymentIds: readonly string[],
  ): Promise<readonly (readonly StatusEventRecord[])[]>
  /** @throws {BadUserInput} */
  searchTransactions(
    caller: Caller,
    search: PaymentSearch,
    page: PageRequest,
  ): Promise<Page<TransactionRecord>>
  /** @throws {BadUserInput} */
  searchRefunds(caller: Caller, search: PaymentSearch, page: PageRequest): Promise<Page<RefundRecord>>
}

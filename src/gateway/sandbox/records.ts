import type { BillingAddress, GatewayPaymentState } from '../gateway.ts'

/** What is kept of a card. Its number and code are not: they are forgotten when the token is made. */
export interface StoredCard {
  /** The test card's id, which says how it behaves. */
  readonly cardId: string
  readonly brandCode: string
  readonly last4: string
  readonly bin: string
  readonly expirationMonth: number
  readonly expirationYear: number
  /** HMAC of the number under the store's own random key. */
  readonly uniqueNumberIdentifier: string
  readonly cardholderName: string | null
  readonly billingAddress: BillingAddress | null
}

export interface MethodRecord {
  readonly kind: 'method'
  /** The token: `tok_` single-use, `pm_` multi-use. */
  readonly id: string
  readonly card: StoredCard
  readonly usage: 'SINGLE_USE' | 'MULTI_USE'
  readonly customerReference: string | null
  /** Spent, or deleted. */
  readonly gone: boolean
}

/** Amounts are minor units in decimal digits, since JSON has no integers of that size. */
export interface PaymentRecord {
  readonly kind: 'payment'
  readonly id: string
  readonly currencyCode: string
  readonly authorised: string
  readonly captured: string
  readonly refunded: string
  readonly orderId: string | null
  readonly state: GatewayPaymentState
  /** When it came into that state, in milliseconds of the sandbox's clock. */
  readonly since: number
}

export interface RefundRecord {
  readonly kind: 'refund'
  readonly id: string
  readonly paymentId: string
  readonly currencyCode: string
  readonly amount: string
  readonly state: GatewayPaymentState
  readonly since: number
}

/** What was answered to an idempotency key, so that it is answered again. */
export interface AnswerRecord {
  readonly kind: 'answer'
  readonly id: string
  /** SHA-256 of what was asked. */
  readonly request: string
  readonly body: unknown
}

/** How far the clock was moved ahead. */
export interface ClockRecord {
  readonly kind: 'clock'
  readonly id: 'clock'
  readonly aheadMs: number
}

/** The first line of a journal. */
export interface KeyRecord {
  readonly kind: 'key'
  readonly id: 'fingerprint'
  readonly key: string
}

export type SandboxRecord =
  MethodRecord | PaymentRecord | RefundRecord | AnswerRecord | ClockRecord | KeyRecord

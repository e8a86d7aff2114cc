/** Money as the gateway takes it: integer minor units of an ISO 4217 currency. */
export interface Money {
  readonly minor: bigint
  readonly currencyCode: string
}

/** What may be shown of a card. There is no field for its number: a number never passes this port. */
export interface CardDetails {
  readonly brandCode: string
  readonly last4: string
  /** The first six digits (PCI DSS 3.4.1 allows first six and last four). */
  readonly bin: string
  readonly expirationMonth: number
  readonly expirationYear: number
  /** The gateway's fingerprint: equal for the same card at the same merchant. */
  readonly uniqueNumberIdentifier: string
  readonly cardholderName: string | null
  readonly billingAddress: BillingAddress | null
}

export interface BillingAddress {
  readonly streetAddress?: string
  readonly locality?: string
  readonly region?: string
  readonly postalCode?: string
  readonly countryCode?: string
}

/** What the gateway says of a request that moves money. A decline is an answer, not an error. */
export interface GatewayOutcome {
  readonly result: 'APPROVED' | 'DECLINED' | 'REJECTED'
  /** The gateway's reference of the payment or refund; null when nothing was made. */
  readonly reference: string | null
  /** A code and words from the gateway's fixed list; never a caller's text. */
  readonly responseCode: string
  readonly responseMessage: string
  /** Whether another try of the same card may succeed; null when approved. */
  readonly declineType: 'SOFT' | 'HARD' | null
}

/** Where a payment or refund stands at the gateway. */
export type GatewayPaymentState =
  | 'AUTHORIZED'
  | 'AUTHORIZATION_EXPIRED'
  | 'SUBMITTED_FOR_SETTLEMENT'
  | 'SETTLING'
  | 'SETTLEMENT_PENDING'
  | 'SETTLEMENT_CONFIRMED'
  | 'SETTLED'
  | 'SETTLEMENT_DECLINED'
  | 'VOIDED'

export interface AuthoriseRequest {
  /** The attempt's id. The same key gives the same outcome and moves money once. */
  readonly idempotencyKey: string
  /** A single-use token, or a vaulted one. */
  readonly token: string
  readonly amount: Money
  /** True: authorise and submit for settlement in one step (a charge). */
  readonly capture: boolean
  readonly orderId: string | null
}

export interface FollowUpRequest {
  readonly idempotencyKey: string
  /** The reference that `authorise` returned. */
  readonly reference: string
  readonly amount: Money
}

export interface VaultedMethod {
  /** The multi-use token. */
  readonly token: string
  readonly card: CardDetails
}

/**
 * The payment-gateway port.
 *
 * Every method throws `GatewayUnavailable` (retryable) when the gateway cannot be reached, does not
 * answer in time, or answers with a fault of its own: the outcome is then unknown, and
 * `findByIdempotencyKey` tells it later. A token that the gateway does not know gives null (look-ups) or
 * a REJECTED outcome. No method takes or returns a card number.
 */
export interface Gateway {
  /** The adapter's name: `sandbox`, `stripe`. Stored beside every token and payment. */
  readonly name: string
  createClientToken(request: {
    readonly customerReference: string | null
    readonly domains: readonly string[]
  }): Promise<string>
  /** What may be shown of a token, single-use or vaulted; null when the gateway does not know it or it is spent. */
  lookUpToken(token: string): Promise<CardDetails | null>
  authorise(request: AuthoriseRequest): Promise<GatewayOutcome>
  capture(request: FollowUpRequest): Promise<GatewayOutcome>
  void(request: { readonly idempotencyKey: string; readonly reference: string }): Promise<GatewayOutcome>
  refund(request: FollowUpRequest): Promise<GatewayOutcome>
  /** Turns a single-use token into a multi-use one. Null when the token is unknown or spent. */
  vault(request: {
    readonly idempotencyKey: string
    readonly token: string
    readonly customerReference: string
  }): Promise<VaultedMethod | null>
  /** Forgets a vaulted method. Unknown is fine: the call is idempotent. */
  deletePaymentMethod(token: string): Promise<void>
  /** What became of an earlier call; null when the gateway never received it. */
  findByIdempotencyKey(idempotencyKey: string): Promise<GatewayOutcome | null>
  /** Where a payment or a refund stands now, by its reference; null when unknown. */
  findState(reference: string): Promise<GatewayPaymentState | null>
  /** Answers when the gateway can be reached. */
  ping(): Promise<void>
}

import type { Sealed } from '../crypto/sealed.ts'
import type { Page, PageRequest } from './page.ts'
import type { Caller } from './principal.ts'
import type { Optional } from './search.ts'

/** What may be known of a card, as it is stored with a method or with a payment. */
export interface CardRecord {
  readonly brandCode: string | null
  readonly last4: string | null
  readonly bin: string | null
  readonly expirationMonth: number | null
  readonly expirationYear: number | null
  readonly uniqueNumberIdentifier: string | null
  readonly cardholderName: Sealed | null
}

/** A customer's stored payment method (MULTI_USE). */
export interface PaymentMethodRecord extends CardRecord {
  readonly id: string
  readonly createdAt: Date
  readonly customerId: string
  /** An address as the gateway gave it: `BillingAddress` of the gateway port. */
  readonly billingAddress: Sealed<unknown> | null
}

/** Which method is charged: a stored one by its row id, or the gateway's single-use token. */
export type PaymentMethodReference = { readonly storedId: string } | { readonly singleUseToken: string }

export interface VaultInput {
  readonly singleUseToken: string
  /** Left out by a CUSTOMER: themselves. */
  readonly customerId?: Optional<string>
  /** The first method of a customer is the default in any case. */
  readonly makeDefault?: Optional<boolean>
}

export interface ClientTokenInput {
  readonly customerId?: Optional<string>
  /** Origins, such as `https://shop.example`. */
  readonly domains?: Optional<readonly string[]>
}

/** The use cases around stored payment methods; "not yours" is `NotFound`. */
export interface PaymentMethods {
  /**
   * Turns a single-use token into a stored method with a new id.
   * @throws {NotFound} for the customer.
   * @throws {BadUserInput} for a token that is unknown.
   * @throws {Conflict} for a token that was used.
   * @throws {GatewayUnavailable}
   */
  vault(caller: Caller, input: VaultInput): Promise<PaymentMethodRecord>
  /** Forgets a method, here at once and at the gateway as soon as it answers. @throws {NotFound} */
  delete(caller: Caller, id: string): Promise<void>
  /** @throws {NotFound} */
  get(caller: Caller, id: string): Promise<PaymentMethodRecord>
  /** The methods of these ids, in their order; null for each that is gone or that the caller cannot see. */
  byIds(caller: Caller, ids: readonly string[]): Promise<readonly (PaymentMethodRecord | null)[]>
  /** A customer's methods. Empty when the customer is not the caller's. */
  ofCustomer(caller: Caller, customerId: string, page: PageRequest): Promise<Page<PaymentMethodRecord>>
  /** The token with which a browser talks to the gateway. @throws {NotFound | BadUserInput | GatewayUnavailable} */
  createClientToken(caller: Caller, input: ClientTokenInput): Promise<string>
}

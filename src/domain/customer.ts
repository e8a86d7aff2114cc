import type { Sealed } from '../crypto/sealed.ts'
import type { Page, PageRequest } from './page.ts'
import type { Caller } from './principal.ts'
import type { Optional, SearchText, SearchTimestamp, SearchValue } from './search.ts'

/** A customer as it is stored. */
export interface CustomerRecord {
  readonly id: string
  readonly createdAt: Date
  readonly company: string | null
  readonly email: Sealed | null
  readonly firstName: Sealed | null
  readonly lastName: Sealed | null
  readonly phoneNumber: Sealed | null
  readonly defaultPaymentMethodId: string | null
}

/** What is known of a customer. Null removes a value; what is left out stays. */
export interface CustomerInput {
  readonly company?: Optional<string>
  readonly email?: Optional<string>
  readonly firstName?: Optional<string>
  readonly lastName?: Optional<string>
  readonly phoneNumber?: Optional<string>
}

/** Which customers; conditions must all hold. A sealed field takes `is` alone. */
export interface CustomerSearch {
  readonly id?: Optional<SearchValue>
  readonly company?: Optional<SearchText>
  readonly createdAt?: Optional<SearchTimestamp>
  readonly email?: Optional<SearchText>
  readonly firstName?: Optional<SearchText>
  readonly lastName?: Optional<SearchText>
  readonly phoneNumber?: Optional<SearchText>
}

/**
 * The use cases around customers. A caller whose only reach is CUSTOMER has their own record alone, and
 * every other one is `NotFound` to them.
 */
export interface Customers {
  /** @throws {BadUserInput} for a value of wrong shape or length. */
  create(caller: Caller, input: CustomerInput): Promise<CustomerRecord>
  /** @throws {NotFound | BadUserInput} */
  update(caller: Caller, id: string, input: CustomerInput): Promise<CustomerRecord>
  /**
   * Deletes personal data and stored methods, and keeps payments.
   * @throws {NotFound}
   * @throws {Conflict} while money of theirs is open.
   */
  delete(caller: Caller, id: string): Promise<void>
  /** @throws {NotFound} */
  get(caller: Caller, id: string): Promise<CustomerRecord>
  /** The customers of these ids, in their order; null for each that the caller cannot see. */
  byIds(caller: Caller, ids: readonly string[]): Promise<readonly (CustomerRecord | null)[]>
  /** @throws {BadUserInput} for an operator that a sealed field does not have. */
  search(caller: Caller, search: CustomerSearch, page: PageRequest): Promise<Page<CustomerRecord>>
}

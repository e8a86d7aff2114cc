import type { PaymentStatus } from './status.ts'

/** What a caller may leave out. */
export type Optional<T> = T | null | undefined

/** Equal to one value, or to one of some: at most 100. */
export interface SearchValue<T = string> {
  readonly is?: Optional<T>
  readonly in?: Optional<readonly T[]>
}

export interface SearchText {
  readonly is?: Optional<string>
  readonly isNot?: Optional<string>
  readonly startsWith?: Optional<string>
  readonly endsWith?: Optional<string>
  readonly contains?: Optional<string>
}

export interface SearchTimestamp {
  readonly greaterThanOrEqualTo?: Optional<Date>
  readonly lessThanOrEqualTo?: Optional<Date>
}

/** Bounds in one currency, as decimal text of its major units. */
export interface SearchAmount {
  readonly currencyCode: string
  readonly is?: Optional<string>
  readonly greaterThanOrEqualTo?: Optional<string>
  readonly lessThanOrEqualTo?: Optional<string>
}

/** Which transactions or refunds; conditions must all hold. Ids are row ids. */
export interface PaymentSearch {
  readonly id?: Optional<SearchValue>
  readonly status?: Optional<SearchValue<PaymentStatus>>
  readonly createdAt?: Optional<SearchTimestamp>
  readonly amount?: Optional<SearchAmount>
  readonly orderId?: Optional<SearchText>
  readonly customerId?: Optional<SearchValue>
}

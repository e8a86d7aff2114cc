import { BadUserInput } from '../errors.ts'
import { parseAmount } from './money.ts'
import { isRowId } from './row-id.ts'
import type { PaymentStatus } from './status.ts'
import { checkText } from './text-input.ts'

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

const MAX_VALUES = 100
const MAX_TEXT = 255

/** A Prisma filter of one column: what the operators that were given add up to. */
export interface ValueFilter<T> {
  equals?: T
  in?: T[]
}

/** @throws {BadUserInput} for too many values. */
export function valueFilter<T>(search: Optional<SearchValue<T>>): ValueFilter<T> {
  const values = search?.in
  if (values != null && values.length > MAX_VALUES) {
    throw new BadUserInput(`A search takes at most ${MAX_VALUES} values of a field.`)
  }
  return {
    ...(search?.is == null ? {} : { equals: search.is }),
    ...(values == null ? {} : { in: [...values] }),
  }
}

/** As `valueFilter`, over row ids: a text that cannot be one matches nothing. */
export function rowIdFilter(search: Optional<SearchValue>): ValueFilter<string> {
  const { equals, in: values } = valueFilter(search)
  if (equals !== undefined && !isRowId(equals)) return { in: [] }
  return {
    ...(equals === undefined ? {} : { equals }),
    ...(values === undefined ? {} : { in: values.filter(isRowId) }),
  }
}

export function timestampFilter(search: Optional<SearchTimestamp>): { gte?: Date; lte?: Date } {
  return {
    ...(search?.greaterThanOrEqualTo == null ? {} : { gte: search.greaterThanOrEqualTo }),
    ...(search?.lessThanOrEqualTo == null ? {} : { lte: search.lessThanOrEqualTo }),
  }
}

interface AmountFilter {
  currencyCode?: string
  amountMinor?: { equals?: bigint; gte?: bigint; lte?: bigint }
}

/** @throws {BadUserInput} */
export function amountFilter(search: Optional<SearchAmount>): AmountFilter {
  if (search == null) return {}
  const { currencyCode } = search
  const minor = (text: Optional<string>) => (text == null ? undefined : parseAmount(text, currencyCode))
  const [equals, gte, lte] = [search.is, search.greaterThanOrEqualTo, search.lessThanOrEqualTo].map(minor)
  return {
    currencyCode,
    amountMinor: {
      ...(equals === undefined ? {} : { equals }),
      ...(gte === undefined ? {} : { gte }),
      ...(lte === undefined ? {} : { lte }),
    },
  }
}

/** LIKE's own characters, which Prisma passes through, mean themselves to a caller. */
const literal = (text: string) => text.replaceAll(/[\\%_]/g, String.raw`\$&`)

interface TextFilter {
  /** What the column must match. */
  filter: { equals?: string; startsWith?: string; endsWith?: string; contains?: string }
  /** What the column must not be; a row without a value is not it. */
  isNot: string | undefined
}

/** @throws {BadUserInput} */
export function textFilter(search: Optional<SearchText>, name: string): TextFilter {
  const { is, isNot, startsWith, endsWith, contains } = search ?? {}
  for (const text of [is, isNot, startsWith, endsWith, contains]) checkText(text, name, MAX_TEXT)
  return {
    filter: {
      ...(is == null ? {} : { equals: is }),
      ...(startsWith == null ? {} : { startsWith: literal(startsWith) }),
      ...(endsWith == null ? {} : { endsWith: literal(endsWith) }),
      ...(contains == null ? {} : { contains: literal(contains) }),
    },
    isNot: isNot ?? undefined,
  }
}

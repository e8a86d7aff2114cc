import type { SealedMap } from '../../crypto/field-spec.ts'

/** A record as the audit knows it. */
export interface RecordKey {
  readonly type: string
  readonly id: string
}

/** A sealed value was opened for a caller, who got it in clear or as a mask that was made from it. */
export interface Opening extends RecordKey {
  readonly field: string
  readonly shown: 'CLEAR' | 'MASKED'
}

/** Something that the caller's roles do not reach: a schema coordinate, and where the operation asked for it. */
export interface Refusal {
  /** Such as `Customer.email`, `Query.customers(filter:)`, `CustomerFilter.email` or `PaymentStatus.VOIDED`. */
  readonly coordinate: string
  /** Response keys, joined by dots. */
  readonly path: string
  /** One of these roles would be enough. */
  readonly requires: readonly string[]
}

/**
 * What the kit needs to know of its host. Every method is called synchronously, from inside a resolver;
 * an error thrown by one fails the field.
 */
export interface Protection<C> {
  /** The caller, or null without a token: then only public fields answer. */
  principalOf(context: C): { readonly id: string; readonly roles: ReadonlySet<string> } | null
  /** The GraphQL types whose records have an owner: `unlessOwner` is refused on any other. */
  readonly ownedTypes: readonly string[]
  /** Whether the record behind `source` is the caller's own. */
  ownsRecord(context: C, typeName: string, source: unknown): boolean
  /** The record behind `source`, for the audit and for FAKE; null when `source` does not tell, then a sealed value's own row counts. */
  recordOf(typeName: string, source: unknown): RecordKey | null
  /** Called before the value leaves the field, once for each field of a record that is opened. */
  opened(context: C, opening: Opening): void
  /** Called before the field fails with FORBIDDEN. */
  refused(context: C, refusal: Refusal): void
}

/** Which columns are sealed, and which GraphQL types show them. */
export interface SealedColumns {
  readonly map: SealedMap
  /** GraphQL type to model. */
  readonly models: Readonly<Record<string, string>>
  /** `Type.field` to column, where the names differ. */
  readonly columns?: Readonly<Record<string, string>>
}

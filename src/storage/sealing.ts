/** Values handed over by `sealing`. A function, because Prisma copies the arguments of a query but not functions. */
const held = new WeakMap<object, unknown>()

/** What a sealed column of any type may hold when it is opened. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue | undefined }
export type SealableValue = JsonValue | bigint | Date | Uint8Array

/**
 * Stands for a plain value where Prisma's types know a sealed column's text only: when a column of another
 * type than String is written (`billingAddress: sealing({ street })`), or found (`where: { born: sealing(date) }`),
 * and when a row is looked up by a unique index column (`where: { tokenIndex: sealing(token) }`).
 *
 * The string that it claims to return is opaque: only the extension can use it, and a client without
 * the extension refuses it. A value of the wrong type for its column is refused when the query runs.
 */
export function sealing(value: Exclude<SealableValue, null>): string {
  const marker = () => '[sealed]'
  marker.toString = marker
  held.set(marker, value)
  return marker as unknown as string
}

/**
 * Stands in `create` for an index column that Prisma's types demand and the extension fills in
 * (`tokenIndex: FILLED_IN`). Make the index column optional in the schema, and it is not needed.
 */
export const FILLED_IN = ''

/** Whether this is a value that `sealing` handed over. */
export function isSealing(value: unknown): value is () => string {
  return typeof value === 'function' && held.has(value)
}

/** The plain value behind `sealing`; anything else as it is. */
export function unwrapSealing(value: unknown): unknown {
  return isSealing(value) ? held.get(value) : value
}

import { BadUserInput } from '../errors.ts'
import { isRowId } from './row-id.ts'

/** A page to read: how many rows, and the row id after which to go on. Pages run from new to old. */
export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number
  /** The id of the last row already seen, a UUID; null for the first page. */
  readonly after: string | null
}

/** Rows of a page, and whether there are more. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasMore: boolean
}

const MAX_LIMIT = 100

interface Keyset {
  readonly before: { readonly id?: { readonly lt: string } }
  readonly order: { readonly orderBy: { readonly id: 'desc' }; readonly take: number }
}

/**
 * A page as a condition and an order: ids are UUIDv7, so that their order is that of creation, and one
 * row more than asked for tells whether there are more.
 * @throws {BadUserInput}
 */
export function keyset({ limit, after }: PageRequest): Keyset {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new BadUserInput(`A page has from 1 to ${MAX_LIMIT} records.`)
  }
  if (after !== null && !isRowId(after)) throw new BadUserInput('The cursor is not one of this list.')
  return {
    before: after === null ? {} : { id: { lt: after } },
    order: { orderBy: { id: 'desc' }, take: limit + 1 },
  }
}

/** The page of what `keyset` read. */
export function pageOf<Row>(rows: readonly Row[], { limit }: PageRequest): Page<Row> {
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit }
}

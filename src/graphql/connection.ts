import { BadUserInput } from '../errors.ts'
import type { Page, PageRequest } from '../domain/page.ts'

export interface PageArguments {
  readonly first?: number | null
  readonly after?: string | null
}

const MAX_PAGE = 100
const DEFAULT_PAGE = 50
const CURSOR = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function rowIdOfCursor(cursor: string): string {
  const rowId = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!CURSOR.test(rowId) || toCursor(rowId) !== cursor) {
    throw new BadUserInput('`after` must be a cursor that an earlier page gave.')
  }
  return rowId
}

const toCursor = (rowId: string) => Buffer.from(rowId, 'latin1').toString('base64url')

/** Checks a connection's arguments. @throws {BadUserInput} */
export function pageRequest({ first, after }: PageArguments): PageRequest {
  const limit = first ?? DEFAULT_PAGE
  if (limit < 1 || limit > MAX_PAGE) {
    throw new BadUserInput(`\`first\` must be from 1 to ${MAX_PAGE}.`)
  }
  return { limit, after: after == null ? null : rowIdOfCursor(after) }
}

/** A page as Relay's connection. */
export function toConnection<Row extends { readonly id: string }>(page: Page<Row>, request: PageRequest) {
  const edges = page.rows.map((row) => ({ cursor: toCursor(row.id), node: row }))
  return {
    edges,
    pageInfo: {
      hasNextPage: page.hasMore,
      hasPreviousPage: request.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

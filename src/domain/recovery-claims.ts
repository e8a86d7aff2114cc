import type { DomainDeps } from './deps.ts'
import { AWAITING } from './settlement-sync.ts'

type ClaimDeps = Pick<DomainDeps, 'database' | 'now'>

interface Claimed {
  readonly id: string
}

/**
 * Rows to work on, stamped so that another process does not take them too: a row is claimed by the process
 * whose UPDATE reached it, and `SKIP LOCKED` passes over those that are being claimed. The stamp is also
 * what puts them at the end of the queue.
 */
export async function claimAbandonedAttempts(
  { database, now }: ClaimDeps,
  { olderThanMs, limit }: { readonly olderThanMs: number; readonly limit: number },
) {
  const claimedAt = now()
  const before = new Date(claimedAt.getTime() - olderThanMs)
  const rows = await database.$queryRaw<{ id: string; kind: string }[]>`
    UPDATE "GatewayAttempt" SET "updatedAt" = ${claimedAt}
    WHERE "id" IN (
      SELECT "id" FROM "GatewayAttempt" WHERE "state" = 'OPEN' AND "updatedAt" < ${before}
      ORDER BY "id" LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    RETURNING "id", "kind"::text AS "kind"`
  return { claimedAt, rows }
}

export function claimAwaitingTransactions(
  { database, now }: ClaimDeps,
  { olderThanMs, limit }: { readonly olderThanMs: number; readonly limit: number },
): Promise<Claimed[]> {
  const claimedAt = now()
  const before = new Date(claimedAt.getTime() - olderThanMs)
  return database.$queryRaw<Claimed[]>`
    UPDATE "Transaction" SET "updatedAt" = ${claimedAt}
    WHERE "id" IN (
      SELECT "id" FROM "Transaction" WHERE "status"::text = ANY(${[...AWAITING]}) AND "updatedAt" < ${before}
      ORDER BY "updatedAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    RETURNING "id"`
}

export function claimAwaitingRefunds(
  { database, now }: ClaimDeps,
  { olderThanMs, limit }: { readonly olderThanMs: number; readonly limit: number },
): Promise<Claimed[]> {
  const claimedAt = now()
  const before = new Date(claimedAt.getTime() - olderThanMs)
  return database.$queryRaw<Claimed[]>`
    UPDATE "Refund" SET "updatedAt" = ${claimedAt}
    WHERE "id" IN (
      SELECT "id" FROM "Refund" WHERE "status"::text = ANY(${[...AWAITING]}) AND "updatedAt" < ${before}
      ORDER BY "updatedAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    RETURNING "id"`
}

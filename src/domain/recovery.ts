import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayUnavailable } from '../errors.ts'
import type { DomainDeps } from './deps.ts'
import { purgeExpiredKeys } from './idempotency.ts'
import { ABANDONED_AFTER_MS, settleAbandoned } from './perform-attempt.ts'
import { claimAbandonedAttempts, claimAwaitingRefunds, claimAwaitingTransactions } from './recovery-claims.ts'
import { syncRefund, syncTransaction } from './settlement-sync.ts'
import { forgetMethod, settleVault } from './vault-method.ts'

export interface RecoveryDeps extends DomainDeps {
  /** Told of a row that could not be recovered; the others go on. */
  readonly report: (error: unknown) => void
  /** After how long without an answer an attempt is taken for abandoned; at least the default. */
  readonly abandonedAfterMs?: number
  /** How long a payment that waits for the gateway is left alone between two looks. */
  readonly syncAfterMs?: number
}

/** How many rows of each kind a round dealt with. */
export interface Recovered {
  readonly attempts: number
  readonly advanced: number
  readonly methodsForgotten: number
  readonly keysPurged: number
}

const BATCH = 100
/** One answer that cannot be had must not hold up the others. */
const SILENT_TIMES = 3
const SYNC_AFTER_MS = 60_000

/** Works through rows. A fault ends one row; a gateway that is silent several times in a row ends the round. */
async function eachOf<Row>(
  { report }: RecoveryDeps,
  rows: readonly Row[],
  deal: (row: Row) => Promise<boolean>,
): Promise<number> {
  let count = 0
  let silent = 0
  for (const row of rows) {
    try {
      if (await deal(row)) count += 1
    } catch (error) {
      report(error)
      silent = error instanceof GatewayUnavailable ? silent + 1 : 0
      if (silent === SILENT_TIMES) return count
    }
  }
  return count
}

async function settleAttempts(deps: RecoveryDeps): Promise<number> {
  const olderThanMs = deps.abandonedAfterMs ?? ABANDONED_AFTER_MS
  const { claimedAt, rows } = await claimAbandonedAttempts(deps, { olderThanMs, limit: BATCH })
  // Payments before the methods that were stored on the way to them: those wait for the payment's end.
  const inOrder = rows.toSorted((a, b) => Number(a.kind === 'VAULT') - Number(b.kind === 'VAULT'))
  return eachOf(deps, inOrder, async ({ id, kind }) => {
    await (kind === 'VAULT' ? settleVault(deps, id) : settleAbandoned(deps, id, claimedAt))
    return true
  })
}

async function advancePayments(deps: RecoveryDeps): Promise<number> {
  const claim = { olderThanMs: deps.syncAfterMs ?? SYNC_AFTER_MS, limit: BATCH }
  const transactions = await claimAwaitingTransactions(deps, claim)
  const advanced = await eachOf(deps, transactions, ({ id }) => syncTransaction(deps, id))
  const refunds = await claimAwaitingRefunds(deps, claim)
  return advanced + (await eachOf(deps, refunds, ({ id }) => syncRefund(deps, id)))
}

async function forgetMethods(deps: RecoveryDeps): Promise<number> {
  const rows = await deps.database.customerGatewayToken.findMany({
    where: { deletedAt: { not: null } },
    select: { id: true },
    take: BATCH,
  })
  return eachOf(deps, rows, ({ id }) => forgetMethod(deps, id))
}

/**
 * One round of recovery: settles what a crash left open, moves payments to where they stand at the gateway,
 * forgets deleted methods there and purges expired idempotency keys. Any number of processes may run it.
 */
export async function recover(deps: RecoveryDeps): Promise<Recovered> {
  return {
    attempts: await settleAttempts(deps),
    advanced: await advancePayments(deps),
    methodsForgotten: await forgetMethods(deps),
    keysPurged: await purgeExpiredKeys(deps),
  }
}

/** Runs `recover` again and again, `everyMs` after the last round ended. `stop` waits for the round under way. */
export function startRecovery(deps: RecoveryDeps, everyMs: number): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await recover(deps).catch(deps.report)
      await sleep(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
    }
  }
  const running = loop()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

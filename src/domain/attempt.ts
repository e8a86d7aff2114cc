import type { DatabaseTx } from '../storage/client.ts'
import type { MoneyAction } from './audit-entry.ts'
import type { DomainDeps } from './deps.ts'
import type { Caller } from './principal.ts'

interface Intention {
  /** The attempt's id, and the gateway's idempotency key. */
  readonly attemptId: string
  readonly action: MoneyAction
  readonly transactionId: string
  readonly refundId: string | null
  readonly amountMinor: bigint
  readonly currencyCode: string
}

/**
 * Writes down that the gateway is about to be asked, and by whom, in the transaction that reserves the
 * money: what is not written is not done, and what a crash interrupts is found again.
 */
export async function intend(
  deps: DomainDeps,
  tx: DatabaseTx,
  caller: Caller,
  intention: Intention,
): Promise<void> {
  const { attemptId, action, transactionId, refundId, amountMinor, currencyCode } = intention
  const now = deps.now()
  await tx.gatewayAttempt.create({
    data: {
      id: attemptId,
      createdAt: now,
      updatedAt: now,
      kind: action,
      gateway: deps.gateway.name,
      transactionId,
      refundId,
      amountMinor,
      currencyCode,
    },
    select: { id: true },
  })
  await deps.audit.recordIn(tx, caller, {
    kind: 'MONEY_INTENDED',
    payment:
      refundId === null ? { type: 'Transaction', id: transactionId } : { type: 'Refund', id: refundId },
    attemptId,
    action,
    amountMinor,
    currencyCode,
  })
}

/** An attempt that moves money, with what is needed to make its call. */
export async function loadAttempt(deps: Pick<DomainDeps, 'database'>, id: string) {
  const row = await deps.database.gatewayAttempt.findUniqueOrThrow({
    where: { id },
    include: { transaction: { include: { paymentMethod: true } } },
  })
  const { transaction, kind, amountMinor, currencyCode } = row
  if (kind === 'VAULT' || transaction === null || amountMinor === null || currencyCode === null) {
    throw new Error('The attempt moves no money.')
  }
  return { ...row, kind, transaction, amount: { minor: amountMinor, currencyCode } }
}

export type MoneyAttempt = Awaited<ReturnType<typeof loadAttempt>>

/** Locks a transaction's row: who reserves or settles money of one payment waits for the others. */
export async function lockTransaction(tx: DatabaseTx, id: string) {
  await tx.$queryRaw`SELECT "id" FROM "Transaction" WHERE "id" = ${id}::uuid FOR UPDATE`
  return tx.transaction.findUnique({ where: { id } })
}

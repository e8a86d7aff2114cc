import { Conflict, NotFound } from '../errors.ts'
import type { DatabaseTx } from '../storage/client.ts'
import { lockTransaction } from './attempt.ts'
import { ownedInReach } from './ownership.ts'
import type { Caller } from './principal.ts'
import { requireRowId } from './row-id.ts'

/** A transaction, locked, with what of it is on its way at the gateway. */
export interface LockedPayment {
  readonly transaction: NonNullable<Awaited<ReturnType<typeof lockTransaction>>>
  readonly isVoiding: boolean
  /** Whether any attempt is open. */
  readonly isBusy: boolean
  /** Captured for certain: `capturedMinor` without what is being captured now. */
  readonly confirmedMinor: bigint
}

/**
 * Locks a payment of the caller's until the transaction ends.
 * @throws {NotFound} when it is not there, or not the caller's.
 */
export async function lockPayment(tx: DatabaseTx, caller: Caller, id: string): Promise<LockedPayment> {
  const transaction = await lockTransaction(tx, requireRowId(id, 'transaction'))
  const { customerId } = ownedInReach(caller)
  if (transaction === null || (customerId !== undefined && transaction.customerId !== customerId)) {
    throw new NotFound('transaction')
  }
  const open = await tx.gatewayAttempt.findMany({
    where: { transactionId: id, state: 'OPEN', kind: { not: 'VAULT' } },
    select: { kind: true, amountMinor: true },
  })
  const capturing = open.filter(({ kind }) => kind === 'CAPTURE')
  return {
    transaction,
    isVoiding: open.some(({ kind }) => kind === 'VOID'),
    isBusy: open.length > 0,
    confirmedMinor: capturing.reduce(
      (sum, { amountMinor }) => sum - (amountMinor ?? 0n),
      transaction.capturedMinor,
    ),
  }
}

/** Another step of the same payment is at the gateway, and decides whether this one may follow. */
export function busyPayment(): Conflict {
  return new Conflict('Another step of this transaction is under way. Repeat it later.', { retryable: true })
}

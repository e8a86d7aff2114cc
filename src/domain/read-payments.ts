import { NotFound } from '../errors.ts'
import type { DomainDeps } from './deps.ts'
import { ownedInReach } from './ownership.ts'
import type { RefundRecord, TransactionRecord } from './payment.ts'
import type { Caller } from './principal.ts'
import { requireRowId } from './row-id.ts'

type ReadDeps = Pick<DomainDeps, 'database'>

/** @throws {NotFound} when it is not there, or not the caller's. */
export async function readTransaction(
  { database }: ReadDeps,
  caller: Caller,
  id: string,
): Promise<TransactionRecord> {
  const where = { id: requireRowId(id, 'transaction'), ...ownedInReach(caller) }
  const row = await database.transaction.findFirst({ where })
  if (row === null) throw new NotFound('transaction')
  return row
}

/** @throws {NotFound} when it is not there, or not the caller's. */
export async function readRefund({ database }: ReadDeps, caller: Caller, id: string): Promise<RefundRecord> {
  const where = { id: requireRowId(id, 'refund'), transaction: ownedInReach(caller) }
  const row = await database.refund.findFirst({ where })
  if (row === null) throw new NotFound('refund')
  return row
}

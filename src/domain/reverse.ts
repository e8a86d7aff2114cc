import type { DatabaseTx } from '../storage/client.ts'
import { intend } from './attempt.ts'
import { shortTransaction } from './deps.ts'
import type { Claim } from './idempotency.ts'
import type { Made } from './idempotency-claims.ts'
import { busyPayment, lockPayment } from './lock-payment.ts'
import { moveMoney, type PaymentDeps } from './move-money.ts'
import type { Reversal, ReverseInput } from './payment.ts'
import type { Caller } from './principal.ts'
import { readRefund, readTransaction } from './read-payments.ts'
import { reserveRefund } from './refund.ts'
import { syncTransaction } from './settlement-sync.ts'

/** A void while nothing is settled or given back; else a refund of what is left. */
async function reserveReversal(
  deps: PaymentDeps,
  tx: DatabaseTx,
  caller: Caller,
  id: string,
  claim: Claim,
): Promise<Made> {
  const payment = await lockPayment(tx, caller, id)
  const { status, refundedMinor, authorizedMinor, currencyCode } = payment.transaction
  const isVoidable =
    status === 'AUTHORIZED' || (status === 'SUBMITTED_FOR_SETTLEMENT' && refundedMinor === 0n)
  if (!isVoidable) return reserveRefund(deps, tx, caller, payment, {}, claim)
  if (payment.isBusy) throw busyPayment()
  const made = { type: 'Transaction', id } as const
  await claim.bind(tx, made)
  await intend(deps, tx, caller, {
    attemptId: claim.attemptId,
    action: 'VOID',
    transactionId: id,
    refundId: null,
    amountMinor: authorizedMinor,
    currencyCode,
  })
  return made
}

async function readReversal(deps: PaymentDeps, caller: Caller, { type, id }: Made): Promise<Reversal> {
  return type === 'Refund'
    ? { type, refund: await readRefund(deps, caller, id) }
    : { type, transaction: await readTransaction(deps, caller, id) }
}

/** Undoes a transaction, whichever way its settlement still allows. */
export function reverse(
  deps: PaymentDeps,
  caller: Caller,
  { idempotencyKey, ...input }: ReverseInput,
): Promise<Reversal> {
  return moveMoney(deps, caller, {
    mutation: 'reverseTransaction',
    idempotencyKey,
    input,
    async reserve(claim) {
      const { id, status } = await readTransaction(deps, caller, input.transactionId)
      // It may have settled since we last asked, and what is settled is refunded and not voided.
      if (status === 'SUBMITTED_FOR_SETTLEMENT') await syncTransaction(deps, id)
      return shortTransaction(deps, (tx) => reserveReversal(deps, tx, caller, id, claim))
    },
    read: (made) => readReversal(deps, caller, made),
  })
}

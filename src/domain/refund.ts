import { BadUserInput, InvalidTransition } from '../errors.ts'
import type { DatabaseTx } from '../storage/client.ts'
import { intend } from './attempt.ts'
import { shortTransaction } from './deps.ts'
import type { Claim } from './idempotency.ts'
import type { Made } from './idempotency-claims.ts'
import { busyPayment, lockPayment, type LockedPayment } from './lock-payment.ts'
import { parsePositiveAmount } from './money.ts'
import { moveMoney, type PaymentDeps } from './move-money.ts'
import type { RefundInput, RefundRecord } from './payment.ts'
import type { Caller } from './principal.ts'
import { readRefund } from './read-payments.ts'
import { appendStep } from './status-event.ts'
import type { PaymentStatus } from './status.ts'
import { checkText } from './text-input.ts'

const REFUNDABLE: readonly PaymentStatus[] = [
  'SUBMITTED_FOR_SETTLEMENT',
  'SETTLING',
  'SETTLEMENT_PENDING',
  'SETTLEMENT_CONFIRMED',
  'SETTLED',
]

type RefundTerms = Pick<RefundInput, 'amount' | 'orderId' | 'reason'>

/** What a capture that is under way may still fail to bring is not given back. */
function amountToRefund(
  { transaction, isVoiding, confirmedMinor }: LockedPayment,
  amount: RefundTerms['amount'],
): bigint {
  const { status, currencyCode, refundedMinor } = transaction
  if (!REFUNDABLE.includes(status)) {
    throw new InvalidTransition(`A transaction that is ${status} cannot be refunded.`)
  }
  if (isVoiding) throw busyPayment()
  const left = confirmedMinor - refundedMinor
  if (left <= 0n) throw new InvalidTransition('All of what was captured is given back.')
  const minor = amount == null ? left : parsePositiveAmount(amount, currencyCode)
  if (minor > left) throw new BadUserInput('The amount is more than what is left to give back.')
  return minor
}

async function writeRefund(
  deps: PaymentDeps,
  tx: DatabaseTx,
  caller: Caller,
  id: string,
  {
    transaction,
    amountMinor,
    terms,
  }: {
    readonly transaction: LockedPayment['transaction']
    readonly amountMinor: bigint
    readonly terms: RefundTerms
  },
): Promise<void> {
  const now = deps.now()
  const payment = await tx.refund.create({
    data: {
      id,
      createdAt: now,
      updatedAt: now,
      status: 'AUTHORIZING',
      transactionId: transaction.id,
      currencyCode: transaction.currencyCode,
      amountMinor,
      orderId: checkText(terms.orderId, 'orderId', 255) ?? null,
      reason: checkText(terms.reason, 'reason', 255) ?? null,
      gateway: deps.gateway.name,
      createdBy: caller.principal.id,
    },
  })
  await appendStep(deps, tx, { kind: 'Refund', payment, to: 'AUTHORIZING', amountMinor, outcome: null })
}

/** Reserves money of a locked payment to be given back, and writes the refund that will do it. */
export async function reserveRefund(
  deps: PaymentDeps,
  tx: DatabaseTx,
  caller: Caller,
  payment: LockedPayment,
  terms: RefundTerms,
  claim: Claim,
): Promise<Made> {
  const { transaction } = payment
  const amountMinor = amountToRefund(payment, terms.amount)
  const made = { type: 'Refund', id: deps.newId() } as const
  await claim.bind(tx, made)
  await tx.transaction.update({
    where: { id: transaction.id },
    data: { refundedMinor: { increment: amountMinor }, updatedAt: deps.now() },
  })
  await writeRefund(deps, tx, caller, made.id, { transaction, amountMinor, terms })
  await intend(deps, tx, caller, {
    attemptId: claim.attemptId,
    action: 'REFUND',
    transactionId: transaction.id,
    refundId: made.id,
    amountMinor,
    currencyCode: transaction.currencyCode,
  })
  return made
}

/** Gives captured money back: all of what is left, or a part. */
export function refund(
  deps: PaymentDeps,
  caller: Caller,
  { idempotencyKey, ...input }: RefundInput,
): Promise<RefundRecord> {
  return moveMoney(deps, caller, {
    mutation: 'refundTransaction',
    idempotencyKey,
    input,
    reserve: (claim) =>
      shortTransaction(deps, async (tx) => {
        const payment = await lockPayment(tx, caller, input.transactionId)
        return reserveRefund(deps, tx, caller, payment, input, claim)
      }),
    read: ({ id }) => readRefund(deps, caller, id),
  })
}

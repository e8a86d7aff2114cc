import { BadUserInput, InvalidTransition } from '../errors.ts'
import type { DatabaseTx } from '../storage/client.ts'
import { intend } from './attempt.ts'
import { shortTransaction } from './deps.ts'
import type { Claim } from './idempotency.ts'
import { busyPayment, lockPayment, type LockedPayment } from './lock-payment.ts'
import { parsePositiveAmount } from './money.ts'
import { moveMoney, type PaymentDeps } from './move-money.ts'
import type { CaptureInput, TransactionRecord } from './payment.ts'
import type { Caller } from './principal.ts'
import { readTransaction } from './read-payments.ts'
import { checkText } from './text-input.ts'

type Capture = Omit<CaptureInput, 'idempotencyKey'>

function amountToCapture({ transaction, isVoiding }: LockedPayment, amount: Capture['amount']): bigint {
  const { status, currencyCode, authorizedMinor, capturedMinor } = transaction
  if (status !== 'AUTHORIZED' && status !== 'SUBMITTED_FOR_SETTLEMENT') {
    throw new InvalidTransition(`A transaction that is ${status} cannot be captured.`)
  }
  if (isVoiding) throw busyPayment()
  const left = authorizedMinor - capturedMinor
  if (left === 0n) throw new InvalidTransition('All of what was authorised is captured.')
  const minor = amount == null ? left : parsePositiveAmount(amount, currencyCode)
  if (minor > left) throw new BadUserInput('The amount is more than what is left to capture.')
  return minor
}

async function reserveCapture(
  deps: PaymentDeps,
  tx: DatabaseTx,
  caller: Caller,
  input: Capture,
  claim: Claim,
) {
  const payment = await lockPayment(tx, caller, input.transactionId)
  const amountMinor = amountToCapture(payment, input.amount)
  const { id, currencyCode } = payment.transaction
  await claim.bind(tx, { type: 'Transaction', id })
  const orderId = checkText(input.orderId, 'orderId', 255)
  await tx.transaction.update({
    where: { id },
    data: {
      capturedMinor: { increment: amountMinor },
      updatedAt: deps.now(),
      ...(orderId == null ? {} : { orderId }),
    },
  })
  await intend(deps, tx, caller, {
    attemptId: claim.attemptId,
    action: 'CAPTURE',
    transactionId: id,
    refundId: null,
    amountMinor,
    currencyCode,
  })
  return { type: 'Transaction', id } as const
}

/** Captures all of what is left of an authorisation, or a part. */
export function capture(
  deps: PaymentDeps,
  caller: Caller,
  { idempotencyKey, ...input }: CaptureInput,
): Promise<TransactionRecord> {
  return moveMoney(deps, caller, {
    mutation: 'captureTransaction',
    idempotencyKey,
    input,
    reserve: (claim) => shortTransaction(deps, (tx) => reserveCapture(deps, tx, caller, input, claim)),
    read: ({ id }) => readTransaction(deps, caller, id),
  })
}

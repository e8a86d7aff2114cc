import type { GatewayPaymentState } from '../gateway/gateway.ts'
import type { DatabaseTx } from '../storage/client.ts'
import { lockTransaction } from './attempt.ts'
import { shortTransaction, type DomainDeps } from './deps.ts'
import { appendStep } from './status-event.ts'
import { pathBetween, type PaymentKind, type PaymentStatus } from './status.ts'

/**
 * What the gateway tells by itself of a payment in these statuses. Anything else that it might say, such as
 * a capture that we did not ask for, is not taken over: amounts come from our own attempts alone.
 */
const TOLD: Readonly<Record<string, readonly GatewayPaymentState[]>> = {
  AUTHORIZED: ['AUTHORIZATION_EXPIRED', 'VOIDED'],
  SUBMITTED_FOR_SETTLEMENT: [
    'SETTLING',
    'SETTLEMENT_PENDING',
    'SETTLEMENT_CONFIRMED',
    'SETTLED',
    'SETTLEMENT_DECLINED',
    'VOIDED',
  ],
  SETTLING: ['SETTLEMENT_PENDING', 'SETTLEMENT_CONFIRMED', 'SETTLED', 'SETTLEMENT_DECLINED'],
  SETTLEMENT_PENDING: ['SETTLEMENT_CONFIRMED', 'SETTLED', 'SETTLEMENT_DECLINED'],
  SETTLEMENT_CONFIRMED: ['SETTLED'],
}

/** The statuses in which a payment waits for the gateway to move it on. */
export const AWAITING = Object.keys(TOLD) as readonly PaymentStatus[]

function stepsTo(
  kind: PaymentKind,
  from: PaymentStatus,
  state: GatewayPaymentState,
): readonly PaymentStatus[] {
  return TOLD[from]?.includes(state) ? (pathBetween(kind, from, state) ?? []) : []
}

async function isBusy(tx: DatabaseTx, transactionId: string): Promise<boolean> {
  const where = { transactionId, state: 'OPEN' } as const
  return (await tx.gatewayAttempt.findFirst({ where, select: { id: true } })) !== null
}

async function advanceTransaction(
  deps: DomainDeps,
  tx: DatabaseTx,
  id: string,
  state: GatewayPaymentState,
): Promise<boolean> {
  let payment = await lockTransaction(tx, id)
  if (payment === null || (await isBusy(tx, id))) return false
  const steps = stepsTo('Transaction', payment.status, state)
  for (const to of steps) {
    const amountMinor = payment.capturedMinor === 0n ? payment.authorizedMinor : payment.capturedMinor
    await appendStep(deps, tx, { kind: 'Transaction', payment, to, amountMinor, outcome: null })
    payment = await tx.transaction.update({
      where: { id },
      data: { status: to, updatedAt: deps.now(), ...(to === 'VOIDED' ? { capturedMinor: 0n } : {}) },
    })
  }
  return steps.length > 0
}

/** Brings a transaction to where it stands at the gateway. False when nothing changed. @throws {GatewayUnavailable} */
export async function syncTransaction(deps: DomainDeps, id: string): Promise<boolean> {
  const { gatewayReference } = await deps.database.transaction.findUniqueOrThrow({
    where: { id },
    select: { gatewayReference: true },
  })
  const state = gatewayReference === null ? null : await deps.gateway.findState(gatewayReference)
  if (state === null) return false
  return shortTransaction(deps, (tx) => advanceTransaction(deps, tx, id, state))
}

async function advanceRefund(
  deps: DomainDeps,
  tx: DatabaseTx,
  { id, transactionId }: { readonly id: string; readonly transactionId: string },
  state: GatewayPaymentState,
): Promise<boolean> {
  await lockTransaction(tx, transactionId)
  let payment = await tx.refund.findUniqueOrThrow({ where: { id } })
  const { amountMinor } = payment
  const steps = stepsTo('Refund', payment.status, state)
  for (const to of steps) {
    await appendStep(deps, tx, { kind: 'Refund', payment, to, amountMinor, outcome: null })
    payment = await tx.refund.update({ where: { id }, data: { status: to, updatedAt: deps.now() } })
  }
  // What did not reach the customer may be given back again.
  if (steps.length > 0 && payment.status === 'SETTLEMENT_DECLINED') {
    const data = { refundedMinor: { decrement: amountMinor }, updatedAt: deps.now() }
    await tx.transaction.update({ where: { id: transactionId }, data })
  }
  return steps.length > 0
}

/** Brings a refund to where it stands at the gateway. False when nothing changed. @throws {GatewayUnavailable} */
export async function syncRefund(deps: DomainDeps, id: string): Promise<boolean> {
  const refund = await deps.database.refund.findUniqueOrThrow({ where: { id } })
  const { gatewayReference } = refund
  const state = gatewayReference === null ? null : await deps.gateway.findState(gatewayReference)
  if (state === null) return false
  return shortTransaction(deps, (tx) => advanceRefund(deps, tx, refund, state))
}

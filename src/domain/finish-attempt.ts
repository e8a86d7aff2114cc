import type { GatewayOutcome } from '../gateway/gateway.ts'
import type { DatabaseTx } from '../storage/client.ts'
import type { Answer } from './ask-gateway.ts'
import { lockTransaction, type MoneyAttempt } from './attempt.ts'
import type { AuditActor, MoneyAction } from './audit-entry.ts'
import { shortTransaction, type DomainDeps } from './deps.ts'
import { finishVault } from './finish-vault.ts'
import type { Caller } from './principal.ts'
import { appendStep } from './status-event.ts'
import type { PaymentStatus } from './status.ts'

type Locked = NonNullable<Awaited<ReturnType<typeof lockTransaction>>>

interface Effect {
  readonly deps: DomainDeps
  readonly tx: DatabaseTx
  readonly attempt: MoneyAttempt
  readonly transaction: Locked
  readonly outcome: GatewayOutcome | null
}

const REFUSED = { DECLINED: 'PROCESSOR_DECLINED', REJECTED: 'GATEWAY_REJECTED' } as const

function refusalOf(outcome: GatewayOutcome | null): 'PROCESSOR_DECLINED' | 'GATEWAY_REJECTED' | 'FAILED' {
  return outcome === null || outcome.result === 'APPROVED' ? 'FAILED' : REFUSED[outcome.result]
}

const isApproved = (outcome: GatewayOutcome | null) => outcome?.result === 'APPROVED'

async function applyAuthorisation(effect: Effect, approvedAs: PaymentStatus): Promise<void> {
  const { deps, tx, attempt, transaction, outcome } = effect
  const { minor } = attempt.amount
  const approved = isApproved(outcome)
  const to = approved ? approvedAs : refusalOf(outcome)
  await appendStep(deps, tx, { kind: 'Transaction', payment: transaction, to, amountMinor: minor, outcome })
  await tx.transaction.update({
    where: { id: transaction.id },
    data: {
      status: to,
      updatedAt: deps.now(),
      authorizedMinor: approved ? minor : 0n,
      capturedMinor: approved && attempt.kind === 'CHARGE' ? minor : 0n,
      gatewayReference: outcome?.reference ?? null,
    },
  })
}

/** The amount was reserved when the attempt was written: an approval keeps it, anything else releases it. */
async function applyCapture({ deps, tx, attempt, transaction, outcome }: Effect): Promise<void> {
  const approved = isApproved(outcome)
  const to = approved ? 'SUBMITTED_FOR_SETTLEMENT' : transaction.status
  const amountMinor = attempt.amount.minor
  await appendStep(deps, tx, { kind: 'Transaction', payment: transaction, to, amountMinor, outcome })
  await tx.transaction.update({
    where: { id: transaction.id },
    data: {
      status: to,
      updatedAt: deps.now(),
      capturedMinor: { decrement: approved ? 0n : amountMinor },
    },
  })
}

async function applyVoid({ deps, tx, attempt, transaction, outcome }: Effect): Promise<void> {
  const approved = isApproved(outcome)
  const to = approved ? 'VOIDED' : transaction.status
  const amountMinor = attempt.amount.minor
  await appendStep(deps, tx, { kind: 'Transaction', payment: transaction, to, amountMinor, outcome })
  await tx.transaction.update({
    where: { id: transaction.id },
    data: { status: to, updatedAt: deps.now(), ...(approved ? { capturedMinor: 0n } : {}) },
  })
}

async function applyRefund({ deps, tx, attempt, transaction, outcome }: Effect): Promise<void> {
  if (attempt.refundId === null) throw new Error('The attempt has no refund.')
  const refund = await tx.refund.findUniqueOrThrow({ where: { id: attempt.refundId } })
  const approved = isApproved(outcome)
  const to = approved ? 'SUBMITTED_FOR_SETTLEMENT' : refusalOf(outcome)
  const amountMinor = attempt.amount.minor
  await appendStep(deps, tx, { kind: 'Refund', payment: refund, to, amountMinor, outcome })
  await tx.refund.update({
    where: { id: refund.id },
    data: { status: to, updatedAt: deps.now(), gatewayReference: outcome?.reference ?? null },
  })
  if (approved) return
  await tx.transaction.update({
    where: { id: transaction.id },
    data: { updatedAt: deps.now(), refundedMinor: { decrement: amountMinor } },
  })
}

const APPLY: Readonly<Record<MoneyAction, (effect: Effect) => Promise<void>>> = {
  AUTHORIZE: (effect) => applyAuthorisation(effect, 'AUTHORIZED'),
  CHARGE: (effect) => applyAuthorisation(effect, 'SUBMITTED_FOR_SETTLEMENT'),
  CAPTURE: applyCapture,
  VOID: applyVoid,
  REFUND: applyRefund,
}

const ATTEMPT_STATES = { APPROVED: 'SUCCEEDED', DECLINED: 'DECLINED', REJECTED: 'DECLINED' } as const

export interface Finish {
  readonly attempt: MoneyAttempt
  readonly answer: Answer
  /** Whether a method that was stored on the way stays in any case. */
  readonly keepMethod: boolean
  /** Give up only an attempt that nobody touched since: its `updatedAt` must be this. */
  readonly untouchedSince?: Date
}

async function recordMove(
  deps: DomainDeps,
  tx: DatabaseTx,
  actor: Caller | AuditActor,
  finish: Finish,
  late: boolean,
) {
  const { attempt, answer } = finish
  const { transaction, refundId } = attempt
  await deps.audit.recordIn(tx, actor, {
    kind: 'MONEY_MOVED',
    payment:
      refundId === null ? { type: 'Transaction', id: transaction.id } : { type: 'Refund', id: refundId },
    attemptId: attempt.id,
    action: attempt.kind,
    amountMinor: attempt.amount.minor,
    currencyCode: attempt.amount.currencyCode,
    outcome: late ? 'LATE' : (answer.outcome?.result ?? 'NOT_RECEIVED'),
    responseCode: answer.outcome?.responseCode ?? null,
  })
}

async function finishIn(
  deps: DomainDeps,
  tx: DatabaseTx,
  actor: Caller | AuditActor,
  finish: Finish,
): Promise<void> {
  const { attempt, answer, untouchedSince } = finish
  const transaction = await lockTransaction(tx, attempt.transaction.id)
  const current = await tx.gatewayAttempt.findUniqueOrThrow({ where: { id: attempt.id } })
  if (transaction === null) throw new Error('The transaction is gone.')
  const { outcome } = answer
  // Money moved that was taken for unmoved: a person has to look into it, and the audit is where they will see it.
  if (current.state === 'FAILED' && isApproved(outcome)) return recordMove(deps, tx, actor, finish, true)
  if (current.state !== 'OPEN') return
  if (untouchedSince !== undefined && current.updatedAt.getTime() !== untouchedSince.getTime()) return
  await APPLY[attempt.kind]({ deps, tx, attempt, transaction, outcome })
  await finishVault(deps, tx, actor, { attempt, answer, keep: finish.keepMethod || isApproved(outcome) })
  await tx.gatewayAttempt.update({
    where: { id: attempt.id },
    data: {
      state: outcome === null ? 'FAILED' : ATTEMPT_STATES[outcome.result],
      responseCode: outcome?.responseCode ?? null,
      updatedAt: deps.now(),
    },
  })
  await recordMove(deps, tx, actor, finish, false)
}

/**
 * Writes down what the gateway answered: status, history, amounts and audit together, or none of them.
 * The first one to finish an attempt decides; who comes later changes nothing.
 */
export function finishAttempt(deps: DomainDeps, actor: Caller | AuditActor, finish: Finish): Promise<void> {
  return shortTransaction(deps, (tx) => finishIn(deps, tx, actor, finish))
}

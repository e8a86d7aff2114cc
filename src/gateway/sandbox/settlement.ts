import type { GatewayPaymentState } from '../gateway.ts'
import { stateAt } from './payments.ts'
import type { PaymentRecord, RefundRecord, SandboxRecord } from './records.ts'
import { SandboxError } from './sandbox-error.ts'
import type { Store } from './store.ts'

export const SETTLEMENT_STATES = [
  'SETTLING',
  'SETTLEMENT_PENDING',
  'SETTLEMENT_CONFIRMED',
  'SETTLED',
  'SETTLEMENT_DECLINED',
] as const

export type SettlementState = (typeof SETTLEMENT_STATES)[number]

/** Where settlement may still go on from. */
const UNSETTLED: readonly GatewayPaymentState[] = [
  'SUBMITTED_FOR_SETTLEMENT',
  'SETTLING',
  'SETTLEMENT_PENDING',
  'SETTLEMENT_CONFIRMED',
]

function found(store: Store, reference: string): PaymentRecord | RefundRecord {
  const record = store.payment(reference) ?? store.refund(reference)
  if (record === undefined)
    throw new SandboxError(404, 'not_found', 'No payment or refund has this reference.')
  return record
}

/** A refund whose settlement is declined gives its amount back to what may be refunded. */
function released(store: Store, record: PaymentRecord | RefundRecord, to: SettlementState): SandboxRecord[] {
  const payment = record.kind === 'refund' ? store.payment(record.paymentId) : undefined
  if (record.kind !== 'refund' || payment === undefined || to !== 'SETTLEMENT_DECLINED') return []
  return [{ ...payment, refunded: String(BigInt(payment.refunded) - BigInt(record.amount)) }]
}

function settled(store: Store, record: PaymentRecord | RefundRecord, to: SettlementState, nowMs: number) {
  if (!UNSETTLED.includes(stateAt(record, nowMs))) {
    throw new SandboxError(409, 'invalid_state', 'It is not on its way to settlement.')
  }
  return [{ ...record, state: to, since: nowMs }, ...released(store, record, to)]
}

/** Moves one payment or refund on, as a processor would. */
export function settle(store: Store, reference: string, to: SettlementState, nowMs: number): void {
  store.write(...settled(store, found(store, reference), to, nowMs))
}

/** Settles everything that is on its way; gives the number. */
export function settleAll(store: Store, nowMs: number): number {
  const due = [...store.payments(), ...store.refunds()].filter((record) =>
    UNSETTLED.includes(stateAt(record, nowMs)),
  )
  const records = due.flatMap((record) => settled(store, record, 'SETTLED', nowMs))
  if (records.length > 0) store.write(...records)
  return due.length
}

/** Lets an authorisation lapse before its week is over. */
export function expire(store: Store, reference: string, nowMs: number): void {
  const record = found(store, reference)
  if (record.kind !== 'payment' || stateAt(record, nowMs) !== 'AUTHORIZED') {
    throw new SandboxError(409, 'invalid_state', 'It is not an open authorisation.')
  }
  store.write({ ...record, state: 'AUTHORIZATION_EXPIRED', since: nowMs })
}

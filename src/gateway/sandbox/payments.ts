import { randomBytes } from 'node:crypto'
import type { GatewayOutcome, GatewayPaymentState } from '../gateway.ts'
import type { Amount } from './fields.ts'
import type { MethodRecord, PaymentRecord, RefundRecord, SandboxRecord } from './records.ts'
import { SandboxError } from './sandbox-error.ts'
import type { Store } from './store.ts'
import { findTestCard, type CardBehaviour } from './test-cards.ts'

const DAY_MS = 86_400_000
/** An authorisation that is not captured lapses after a week; what was submitted settles after a day. */
const AUTHORISATION_MS = 7 * DAY_MS
const SETTLEMENT_MS = DAY_MS

/** What a request did: the answer, and what is remembered of it, in one step. */
export interface Done {
  readonly outcome: GatewayOutcome
  readonly records: readonly SandboxRecord[]
  /** The answer is never sent; only a repeat with the same key hears it. */
  readonly withheld?: boolean
}

/** No answer is sent, and nothing happened. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

const approve = (reference: string): GatewayOutcome => ({
  result: 'APPROVED',
  reference,
  responseCode: '1000',
  responseMessage: 'Approved',
  declineType: null,
})

const refuse = (responseCode: string, responseMessage: string): Done => ({
  outcome: { result: 'REJECTED', reference: null, responseCode, responseMessage, declineType: 'HARD' },
  records: [],
})

const newReference = (prefix: string) => `${prefix}_${randomBytes(15).toString('base64url')}`

/** Where a payment or refund stands, as time alone may have moved it on. */
export function stateAt(
  { state, since }: Pick<PaymentRecord | RefundRecord, 'state' | 'since'>,
  nowMs: number,
): GatewayPaymentState {
  if (state === 'AUTHORIZED' && nowMs - since >= AUTHORISATION_MS) return 'AUTHORIZATION_EXPIRED'
  if (state === 'SUBMITTED_FOR_SETTLEMENT' && nowMs - since >= SETTLEMENT_MS) return 'SETTLED'
  return state
}

export interface Authorisation {
  readonly token: string
  readonly amount: Amount
  readonly capture: boolean
  readonly orderId: string | null
}

function open({ amount, capture, orderId }: Authorisation, nowMs: number): PaymentRecord {
  return {
    kind: 'payment',
    id: newReference('pay'),
    currencyCode: amount.currencyCode,
    authorised: String(amount.minor),
    captured: capture ? String(amount.minor) : '0',
    refunded: '0',
    orderId,
    state: capture ? 'SUBMITTED_FOR_SETTLEMENT' : 'AUTHORIZED',
    since: nowMs,
  }
}

function answerOf(behaviour: CardBehaviour, payment: PaymentRecord): Done {
  switch (behaviour.kind) {
    case 'APPROVE':
      return { outcome: approve(payment.id), records: [payment] }
    case 'DECLINE':
      return { outcome: { ...outcomeWords(behaviour), result: 'DECLINED', reference: null }, records: [] }
    case 'REJECT':
      return refuse(behaviour.responseCode, behaviour.responseMessage)
    case 'TIMEOUT':
      if (!behaviour.charged) throw new NoAnswer()
      return { outcome: approve(payment.id), records: [payment], withheld: true }
    case 'FAULT':
      throw new SandboxError(500, 'gateway_fault', 'The gateway failed, as this test card asks.')
  }
}

const outcomeWords = ({
  responseCode,
  responseMessage,
  declineType,
}: Extract<CardBehaviour, { kind: 'DECLINE' }>) => ({ responseCode, responseMessage, declineType })

const spend = (method: MethodRecord): MethodRecord[] =>
  method.usage === 'SINGLE_USE' ? [{ ...method, gone: true }] : []

/** Authorises, or charges with `capture`. A single-use token is spent by any answer, a decline too. */
export function authorise(store: Store, request: Authorisation, nowMs: number): Done {
  const method = store.method(request.token)
  if (method === undefined) return refuse('unknown_token', 'Unknown payment method')
  if (method.gone) return refuse('token_spent', 'Payment method was used or deleted')
  const behaviour = findTestCard(method.card.cardId)?.behaviour ?? { kind: 'FAULT' }
  const done = answerOf(behaviour, open(request, nowMs))
  return { ...done, records: [...done.records, ...spend(method)] }
}

const CAPTURABLE: readonly GatewayPaymentState[] = ['AUTHORIZED', 'SUBMITTED_FOR_SETTLEMENT']

export function capture(store: Store, reference: string, amount: Amount, nowMs: number): Done {
  const payment = store.payment(reference)
  if (payment === undefined) return refuse('unknown_reference', 'Unknown payment')
  if (!CAPTURABLE.includes(stateAt(payment, nowMs))) return refuse('invalid_state', 'Cannot be captured now')
  if (payment.currencyCode !== amount.currencyCode) return refuse('currency_mismatch', 'Another currency')
  const captured = BigInt(payment.captured) + amount.minor
  if (captured > BigInt(payment.authorised)) return refuse('over_capture', 'More than was authorised')
  const state = 'SUBMITTED_FOR_SETTLEMENT'
  return {
    outcome: approve(payment.id),
    records: [{ ...payment, captured: String(captured), state, since: nowMs }],
  }
}

export function voidPayment(store: Store, reference: string, nowMs: number): Done {
  const payment = store.payment(reference)
  if (payment === undefined) return refuse('unknown_reference', 'Unknown payment')
  if (!CAPTURABLE.includes(stateAt(payment, nowMs))) return refuse('invalid_state', 'Cannot be voided now')
  if (payment.refunded !== '0') return refuse('invalid_state', 'A part was refunded')
  return { outcome: approve(payment.id), records: [{ ...payment, state: 'VOIDED', since: nowMs }] }
}

const UNREFUNDABLE: readonly GatewayPaymentState[] = ['VOIDED', 'SETTLEMENT_DECLINED']

export function refund(store: Store, reference: string, amount: Amount, nowMs: number): Done {
  const payment = store.payment(reference)
  if (payment === undefined) return refuse('unknown_reference', 'Unknown payment')
  if (UNREFUNDABLE.includes(stateAt(payment, nowMs))) return refuse('invalid_state', 'Cannot be refunded')
  if (payment.currencyCode !== amount.currencyCode) return refuse('currency_mismatch', 'Another currency')
  const refunded = BigInt(payment.refunded) + amount.minor
  if (refunded > BigInt(payment.captured)) return refuse('over_refund', 'More than was captured')
  const made: RefundRecord = {
    kind: 'refund',
    id: newReference('ref'),
    paymentId: payment.id,
    currencyCode: amount.currencyCode,
    amount: String(amount.minor),
    state: 'SUBMITTED_FOR_SETTLEMENT',
    since: nowMs,
  }
  return { outcome: approve(made.id), records: [{ ...payment, refunded: String(refunded) }, made] }
}

import type { TransactionRecord } from '../../domain/payment.ts'
import type { StatusEventRecord } from '../../domain/payment.ts'
import type { PaymentStatus } from '../../domain/status.ts'
import type { Context } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { moneyOf } from './money.ts'

const EVENT_TYPES = {
  AUTHORIZING: 'AuthorizingEvent',
  AUTHORIZED: 'AuthorizedEvent',
  AUTHORIZATION_EXPIRED: 'AuthorizationExpiredEvent',
  SUBMITTED_FOR_SETTLEMENT: 'SubmittedForSettlementEvent',
  SETTLING: 'SettlingEvent',
  SETTLEMENT_PENDING: 'SettlementPendingEvent',
  SETTLEMENT_CONFIRMED: 'SettlementConfirmedEvent',
  SETTLED: 'SettledEvent',
  SETTLEMENT_DECLINED: 'SettlementDeclinedEvent',
  PROCESSOR_DECLINED: 'ProcessorDeclinedEvent',
  GATEWAY_REJECTED: 'GatewayRejectedEvent',
  FAILED: 'FailedEvent',
  VOIDED: 'VoidedEvent',
} as const satisfies Record<PaymentStatus, string>

const event = {
  timestamp: ({ createdAt }: StatusEventRecord) => createdAt,
  amount: (step: StatusEventRecord) => moneyOf(step.amountMinor, step),
}

const answered = {
  ...event,
  processorResponse: ({ responseCode, responseMessage }: StatusEventRecord) =>
    responseCode === null ? null : { legacyCode: responseCode, message: responseMessage },
}

const declineType = ({ declineType }: StatusEventRecord) => {
  if (declineType === null) return null
  return declineType === 'HARD' ? 'HARD_DECLINED' : 'SOFT_DECLINED'
}

/** The payment method of a transaction as it was when it paid; null before the gateway told of it. */
export const snapshotOf = (transaction: TransactionRecord | null) =>
  transaction?.last4 == null ? null : transaction

/** Fields that transactions and refunds have alike. */
export const paymentFields = {
  amount: (payment: { readonly amountMinor: bigint; readonly currencyCode: string }) =>
    moneyOf(payment.amountMinor, payment),
  statusHistory: ({ id }: { readonly id: string }, _: unknown, { loaders }: Context) =>
    loaders.history.load(id),
}

export const paymentResolvers: Resolvers = {
  Payment: { __resolveType: (payment) => ('transactionId' in payment ? 'Refund' : 'Transaction') },
  PaymentStatusEvent: { __resolveType: ({ status }) => EVENT_TYPES[status] },
  AuthorizingEvent: event,
  AuthorizedEvent: answered,
  AuthorizationExpiredEvent: event,
  SubmittedForSettlementEvent: event,
  SettlingEvent: event,
  SettlementPendingEvent: event,
  SettlementConfirmedEvent: event,
  SettledEvent: event,
  SettlementDeclinedEvent: answered,
  ProcessorDeclinedEvent: { ...answered, declineType },
  GatewayRejectedEvent: answered,
  FailedEvent: answered,
  VoidedEvent: event,
}

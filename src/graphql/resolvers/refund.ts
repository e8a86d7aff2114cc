import type { RefundRecord } from '../../domain/payment.ts'
import { callerOf, idempotencyKeyOf } from '../context.ts'
import type { Context } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { toNodeId } from '../node-id.ts'
import { paymentFields, snapshotOf } from './payment.ts'
import { transactionRow } from './transaction.ts'

const refunded = ({ transactionId }: RefundRecord, { loaders }: Context) =>
  loaders.transaction.load(transactionId)

export const refundResolvers: Resolvers = {
  Mutation: {
    async refundTransaction(_, { input }, context) {
      const refund = await context.services.payments.refund(callerOf(context), {
        transactionId: transactionRow(input.transactionId),
        amount: input.refund?.amount,
        orderId: input.refund?.orderId,
        reason: input.refund?.reason,
        idempotencyKey: idempotencyKeyOf(context, input.idempotencyKey),
      })
      return { clientMutationId: input.clientMutationId ?? null, refund }
    },
  },
  Refund: {
    ...paymentFields,
    id: ({ id }) => toNodeId('Refund', id),
    refundedTransaction: (refund, _, context) => refunded(refund, context),
    paymentMethodSnapshot: async (refund, _, context) => snapshotOf(await refunded(refund, context)),
    async paymentMethod(refund, _, context) {
      const transaction = await refunded(refund, context)
      return transaction?.paymentMethodId == null
        ? null
        : context.loaders.paymentMethod.load(transaction.paymentMethodId)
    },
    async customer(refund, _, context) {
      const transaction = await refunded(refund, context)
      return transaction?.customerId == null ? null : context.loaders.customer.load(transaction.customerId)
    },
  },
}

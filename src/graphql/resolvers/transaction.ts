import { BadUserInput, NotFound } from '../../errors.ts'
import type { PayInput } from '../../domain/payment.ts'
import { callerOf, idempotencyKeyOf } from '../context.ts'
import type { Context } from '../context.ts'
import type { CaptureTransactionInput, ChargePaymentMethodInput, Resolvers } from '../generated/resolvers.ts'
import { rowIdOf, toNodeId } from '../node-id.ts'
import { optionalCustomerRow } from './customer.ts'
import { moneyOf } from './money.ts'
import { paymentMethodReference } from './payment-method.ts'
import { paymentFields, snapshotOf } from './payment.ts'

/** The row of a transaction's id. @throws {NotFound} */
export function transactionRow(id: string): string {
  const rowId = rowIdOf('Transaction', id)
  if (rowId === null) throw new NotFound('transaction')
  return rowId
}

function payInput(context: Context, input: ChargePaymentMethodInput): PayInput {
  const { amount, currencyCode, orderId, customerId, vaultPaymentMethodAfterTransacting } = input.transaction
  return {
    method: paymentMethodReference(input.paymentMethodId),
    amount,
    currencyCode,
    orderId,
    customerId: optionalCustomerRow(customerId),
    vault: vaultPaymentMethodAfterTransacting?.when,
    idempotencyKey: idempotencyKeyOf(context, input.idempotencyKey),
  }
}

function captureAmount({ amount, transaction }: CaptureTransactionInput): string | null {
  if (amount != null && transaction?.amount != null) {
    throw new BadUserInput('Give `amount` or `transaction.amount`, not both.')
  }
  return amount ?? transaction?.amount ?? null
}

export const transactionResolvers: Resolvers = {
  Mutation: {
    async authorizePaymentMethod(_, { input }, context) {
      const { payments } = context.services
      const transaction = await payments.authorise(callerOf(context), payInput(context, input))
      return { clientMutationId: input.clientMutationId ?? null, transaction }
    },
    async chargePaymentMethod(_, { input }, context) {
      const { payments } = context.services
      const transaction = await payments.charge(callerOf(context), payInput(context, input))
      return { clientMutationId: input.clientMutationId ?? null, transaction }
    },
    async captureTransaction(_, { input }, context) {
      const transaction = await context.services.payments.capture(callerOf(context), {
        transactionId: transactionRow(input.transactionId),
        amount: captureAmount(input),
        orderId: input.transaction?.orderId,
        idempotencyKey: idempotencyKeyOf(context, input.idempotencyKey),
      })
      return { clientMutationId: input.clientMutationId ?? null, transaction }
    },
    async reverseTransaction(_, { input }, context) {
      const reversal = await context.services.payments.reverse(callerOf(context), {
        transactionId: transactionRow(input.transactionId),
        idempotencyKey: idempotencyKeyOf(context, input.idempotencyKey),
      })
      const undone = reversal.type === 'Refund' ? reversal.refund : reversal.transaction
      return { clientMutationId: input.clientMutationId ?? null, reversal: undone }
    },
  },
  TransactionReversal: {
    __resolveType: (undone) => ('transactionId' in undone ? 'Refund' : 'Transaction'),
  },
  Transaction: {
    ...paymentFields,
    id: ({ id }) => toNodeId('Transaction', id),
    capturedAmount: (transaction) => moneyOf(transaction.capturedMinor, transaction),
    refundedAmount: (transaction) => moneyOf(transaction.refundedMinor, transaction),
    paymentMethodSnapshot: snapshotOf,
    paymentMethod: ({ paymentMethodId }, _, { loaders }) =>
      paymentMethodId === null ? null : loaders.paymentMethod.load(paymentMethodId),
    customer: ({ customerId }, _, { loaders }) =>
      customerId === null ? null : loaders.customer.load(customerId),
    refunds: ({ id }, _, { loaders }) => loaders.refunds.load(id),
  },
}

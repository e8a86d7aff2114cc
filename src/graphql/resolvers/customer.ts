import { NotFound } from '../../errors.ts'
import { pageRequest, toConnection } from '../connection.ts'
import { callerOf } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { rowIdOf, toNodeId } from '../node-id.ts'

/** The row of a customer's id. @throws {NotFound} */
export function customerRow(id: string): string {
  const rowId = rowIdOf('Customer', id)
  if (rowId === null) throw new NotFound('customer')
  return rowId
}

/** The row of a customer's id that may be left out. @throws {NotFound} */
export const optionalCustomerRow = (id: string | null | undefined) => (id == null ? null : customerRow(id))

export const customerResolvers: Resolvers = {
  Mutation: {
    async createCustomer(_, { input }, context) {
      const customer = await context.services.customers.create(callerOf(context), input.customer ?? {})
      return { clientMutationId: input.clientMutationId ?? null, customer }
    },
    async updateCustomer(_, { input }, context) {
      const rowId = customerRow(input.customerId)
      const customer = await context.services.customers.update(callerOf(context), rowId, input.customer)
      return { clientMutationId: input.clientMutationId ?? null, customer }
    },
    async deleteCustomer(_, { input }, context) {
      await context.services.customers.delete(callerOf(context), customerRow(input.customerId))
      return { clientMutationId: input.clientMutationId ?? null }
    },
  },
  Customer: {
    id: ({ id }) => toNodeId('Customer', id),
    defaultPaymentMethod: ({ defaultPaymentMethodId }, _, { loaders }) =>
      defaultPaymentMethodId === null ? null : loaders.paymentMethod.load(defaultPaymentMethodId),
    async paymentMethods({ id }, page, context) {
      const request = pageRequest(page)
      const { paymentMethods } = context.services
      return toConnection(await paymentMethods.ofCustomer(callerOf(context), id, request), request)
    },
    async transactions({ id }, page, context) {
      const request = pageRequest(page)
      const search = { customerId: { is: id } }
      const { paymentQueries } = context.services
      return toConnection(
        await paymentQueries.searchTransactions(callerOf(context), search, request),
        request,
      )
    },
  },
}

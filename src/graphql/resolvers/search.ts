import type { PaymentSearch, SearchValue } from '../../domain/search.ts'
import { pageRequest, toConnection } from '../connection.ts'
import { callerOf } from '../context.ts'
import type { Resolvers, SearchValueInput, TransactionSearchInput } from '../generated/resolvers.ts'
import { parseNodeId, rowIdOf } from '../node-id.ts'
import type { NodeType } from '../node-id.ts'

/** `search` has no data of its own: its fields do the finding. */
export type SearchSource = Readonly<Record<string, never>>

/** A condition on ids as one on rows. What is no id of the type matches nothing. */
export function rowCondition(
  condition: SearchValueInput | null | undefined,
  type: NodeType | null,
): SearchValue | null {
  if (condition == null) return null
  const toRow = (id: string) => (type === null ? (parseNodeId(id)?.rowId ?? null) : rowIdOf(type, id))
  const is = condition.is == null ? null : toRow(condition.is)
  if (condition.is != null && is === null) return { in: [] }
  return { is, in: condition.in?.flatMap((id) => toRow(id) ?? []) }
}

function paymentSearch(input: TransactionSearchInput, type: 'Transaction' | 'Refund'): PaymentSearch {
  return {
    id: rowCondition(input.id, type),
    status: input.status,
    createdAt: input.createdAt,
    amount: input.amount,
    orderId: input.orderId,
    customerId: rowCondition(input.customer?.id, 'Customer'),
  }
}

export const searchResolvers: Resolvers = {
  Query: { search: () => ({}) },
  Search: {
    async customers(_, { input, ...page }, context) {
      const request = pageRequest(page)
      const search = { ...input, id: rowCondition(input.id, 'Customer') }
      return toConnection(
        await context.services.customers.search(callerOf(context), search, request),
        request,
      )
    },
    async transactions(_, { input, ...page }, context) {
      const request = pageRequest(page)
      const found = await context.services.paymentQueries.searchTransactions(
        callerOf(context),
        paymentSearch(input, 'Transaction'),
        request,
      )
      return toConnection(found, request)
    },
    async refunds(_, { input, ...page }, context) {
      const request = pageRequest(page)
      const found = await context.services.paymentQueries.searchRefunds(
        callerOf(context),
        paymentSearch(input, 'Refund'),
        request,
      )
      return toConnection(found, request)
    },
  },
}

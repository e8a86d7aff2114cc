import type { Database } from '../storage/client.ts'
import { ownedInReach } from './ownership.ts'
import { keyset, pageOf, type PageRequest } from './page.ts'
import type { PaymentQueries } from './payment.ts'
import type { Caller } from './principal.ts'
import { readRefund, readTransaction } from './read-payments.ts'
import { isRowId } from './row-id.ts'
import {
  amountFilter,
  rowIdFilter,
  textFilter,
  timestampFilter,
  valueFilter,
  type PaymentSearch,
} from './search.ts'

/** Rows for each key, in the order of the keys. */
function groupBy<Row>(
  keys: readonly string[],
  rows: readonly Row[],
  keyOf: (row: Row) => string | null,
): readonly (readonly Row[])[] {
  const groups = Map.groupBy(rows, keyOf)
  return keys.map((key) => groups.get(key) ?? [])
}

/** The conditions that transactions and refunds have in common. */
function paymentWhere(search: PaymentSearch, page: PageRequest) {
  const { before, order } = keyset(page)
  const { filter, isNot } = textFilter(search.orderId, 'orderId')
  const other = isNot === undefined ? [] : [{ OR: [{ orderId: { not: isNot } }, { orderId: null }] }]
  const where = {
    AND: [before, ...other],
    id: rowIdFilter(search.id),
    status: valueFilter(search.status),
    createdAt: timestampFilter(search.createdAt),
    orderId: filter,
    ...amountFilter(search.amount),
  }
  return { where, order }
}

function customerWhere(search: PaymentSearch, caller: Caller) {
  const named = search.customerId == null ? {} : { customerId: rowIdFilter(search.customerId) }
  return { AND: [named, ownedInReach(caller)] }
}

async function findHistories(database: Database, caller: Caller, paymentIds: readonly string[]) {
  const ids = paymentIds.filter(isRowId)
  const events = await database.paymentStatusEvent.findMany({
    where: {
      OR: [
        { transactionId: { in: ids }, transaction: ownedInReach(caller) },
        { refundId: { in: ids }, refund: { transaction: ownedInReach(caller) } },
      ],
    },
    orderBy: { id: 'desc' },
  })
  return groupBy(paymentIds, events, ({ transactionId, refundId }) => transactionId ?? refundId)
}

/** The reading side of payments. */
export function createPaymentQueries({ database }: { readonly database: Database }): PaymentQueries {
  return {
    transaction: (caller, id) => readTransaction({ database }, caller, id),
    refund: (caller, id) => readRefund({ database }, caller, id),
    async transactionsByIds(caller, ids) {
      const where = { id: { in: ids.filter(isRowId) }, ...ownedInReach(caller) }
      const rows = await database.transaction.findMany({ where })
      return groupBy(ids, rows, ({ id }) => id).map(([row]) => row ?? null)
    },
    async refundsOf(caller, transactionIds) {
      const where = {
        transactionId: { in: transactionIds.filter(isRowId) },
        transaction: ownedInReach(caller),
      }
      const rows = await database.refund.findMany({ where, orderBy: { id: 'desc' } })
      return groupBy(transactionIds, rows, ({ transactionId }) => transactionId)
    },
    historiesOf: (caller, paymentIds) => findHistories(database, caller, paymentIds),
    async searchTransactions(caller, search, page) {
      const { where, order } = paymentWhere(search, page)
      const AND = [where, customerWhere(search, caller)]
      return pageOf(await database.transaction.findMany({ where: { AND }, ...order }), page)
    },
    async searchRefunds(caller, search, page) {
      const { where, order } = paymentWhere(search, page)
      const AND = [where, { transaction: customerWhere(search, caller) }]
      return pageOf(await database.refund.findMany({ where: { AND }, ...order }), page)
    },
  }
}

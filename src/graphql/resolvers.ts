import { auditEventResolvers } from './resolvers/audit-event.ts'
import { customerResolvers } from './resolvers/customer.ts'
import { dataKeyResolvers } from './resolvers/data-key.ts'
import { moneyResolvers } from './resolvers/money.ts'
import { nodeResolvers } from './resolvers/node.ts'
import { paymentMethodResolvers } from './resolvers/payment-method.ts'
import { paymentResolvers } from './resolvers/payment.ts'
import { refundResolvers } from './resolvers/refund.ts'
import { searchResolvers } from './resolvers/search.ts'
import { transactionResolvers } from './resolvers/transaction.ts'
import { viewerResolvers } from './resolvers/viewer.ts'
import { scalars } from './scalars.ts'

/** Every resolver, a noun at a time. */
export const resolvers = [
  scalars,
  nodeResolvers,
  viewerResolvers,
  searchResolvers,
  customerResolvers,
  paymentMethodResolvers,
  paymentResolvers,
  transactionResolvers,
  refundResolvers,
  moneyResolvers,
  auditEventResolvers,
  dataKeyResolvers,
]

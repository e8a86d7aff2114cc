import DataLoader from 'dataloader'
import { Unauthenticated } from '../errors.ts'
import type { CustomerRecord } from '../domain/customer.ts'
import type { PaymentMethodRecord } from '../domain/payment-method.ts'
import type { RefundRecord, StatusEventRecord, TransactionRecord } from '../domain/payment.ts'
import type { Caller } from '../domain/principal.ts'
import type { Services } from './context.ts'

/** One query for all records of a kind that a request asks for, instead of one each. */
export interface Loaders {
  readonly customer: DataLoader<string, CustomerRecord | null>
  readonly paymentMethod: DataLoader<string, PaymentMethodRecord | null>
  readonly transaction: DataLoader<string, TransactionRecord | null>
  readonly refunds: DataLoader<string, readonly RefundRecord[]>
  readonly history: DataLoader<string, readonly StatusEventRecord[]>
}

export function createLoaders(services: Services, caller: Caller | null): Loaders {
  const load = <Row>(read: (caller: Caller, ids: readonly string[]) => Promise<readonly Row[]>) =>
    new DataLoader<string, Row>((ids) => {
      if (caller === null) throw new Unauthenticated()
      return read(caller, ids)
    })
  const { customers, paymentMethods, paymentQueries } = services
  return {
    customer: load((caller, ids) => customers.byIds(caller, ids)),
    paymentMethod: load((caller, ids) => paymentMethods.byIds(caller, ids)),
    transaction: load((caller, ids) => paymentQueries.transactionsByIds(caller, ids)),
    refunds: load((caller, ids) => paymentQueries.refundsOf(caller, ids)),
    history: load((caller, ids) => paymentQueries.historiesOf(caller, ids)),
  }
}

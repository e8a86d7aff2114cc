import { formatAmount } from '../../domain/money.ts'
import type { Money } from '../../gateway/gateway.ts'
import type { Resolvers } from '../generated/resolvers.ts'

/** A payment's amount in its currency. */
export function moneyOf(minor: bigint, payment: { readonly currencyCode: string }): Money {
  return { minor, currencyCode: payment.currencyCode }
}

export const moneyResolvers: Resolvers = {
  MonetaryAmount: {
    value: (money) => formatAmount(money.minor, money.currencyCode),
  },
}

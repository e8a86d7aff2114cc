import { formatAmount } from '../../domain/money.ts'
import type { Resolvers } from '../generated/resolvers.ts'

/** Integer minor units of an ISO 4217 currency. */
export interface MoneySource {
  readonly minor: bigint
  readonly currencyCode: string
}

/** A payment's amount in its currency. */
export function moneyOf(minor: bigint, payment: { readonly currencyCode: string }): MoneySource {
  return { minor, currencyCode: payment.currencyCode }
}

export const moneyResolvers: Resolvers = {
  MonetaryAmount: {
    value: (money) => formatAmount(money.minor, money.currencyCode),
  },
}

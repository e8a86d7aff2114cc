import type { PaymentMethodRecord } from '../domain/payment-method.ts'
import type { TransactionRecord } from '../domain/payment.ts'

/** What card details are read from: the stored method, or the payment that kept a copy of what was shown. */
export type CardSource = PaymentMethodRecord | TransactionRecord

/** Which record a card's details belong to. */
export function recordOfCard(card: CardSource): { readonly type: string; readonly id: string } {
  return { type: 'amountMinor' in card ? 'Transaction' : 'PaymentMethod', id: card.id }
}

/** How a card answers when it is charged or authorised. */
export type CardBehaviour =
  | { readonly kind: 'APPROVE' }
  | {
      readonly kind: 'DECLINE'
      readonly responseCode: string
      readonly responseMessage: string
      readonly declineType: 'SOFT' | 'HARD'
    }
  | { readonly kind: 'REJECT'; readonly responseCode: string; readonly responseMessage: string }
  /** No answer within anybody's deadline. */
  | { readonly kind: 'TIMEOUT'; readonly charged: boolean }
  /** The answer is an error of the gateway's own, and nothing happened. */
  | { readonly kind: 'FAULT' }

export interface TestCard {
  /** What `POST /test/tokens` calls it, so that seeds and tests need no number. */
  readonly id: string
  readonly number: string
  /** As the API's `CreditCardBrandCode` spells it. */
  readonly brandCode: string
  readonly meaning: string
  readonly behaviour: CardBehaviour
}

const APPROVE: CardBehaviour = { kind: 'APPROVE' }

const approved = (id: string, brandCode: string, number: string): TestCard => ({
  id,
  number,
  brandCode,
  meaning: 'approved',
  behaviour: APPROVE,
})

const declined = (
  id: string,
  number: string,
  [responseCode, responseMessage, declineType]: readonly [string, string, 'SOFT' | 'HARD'],
  meaning = `declined: ${responseMessage.toLowerCase()}`,
): TestCard => ({
  id,
  number,
  brandCode: 'VISA',
  meaning,
  behaviour: { kind: 'DECLINE', responseCode, responseMessage, declineType },
})

const DO_NOT_HONOR = ['2000', 'Do Not Honor', 'SOFT'] as const

/**
 * The only cards that the sandbox takes. Numbers and meanings are Stripe's, which people type without looking
 * (docs.stripe.com/testing); codes and words of declines are Braintree's processor responses. The last three
 * are ours. All are public, and none is anybody's.
 */
export const testCards: readonly TestCard[] = [
  approved('visa', 'VISA', '4242424242424242'),
  approved('visa-debit', 'VISA', '4000056655665556'),
  approved('mastercard', 'MASTERCARD', '5555555555554444'),
  approved('mastercard-2-series', 'MASTERCARD', '2223003122003222'),
  approved('mastercard-debit', 'MASTERCARD', '5200828282828210'),
  approved('american-express', 'AMERICAN_EXPRESS', '378282246310005'),
  approved('discover', 'DISCOVER', '6011111111111117'),
  approved('diners', 'DINERS', '36227206271667'),
  approved('jcb', 'JCB', '3566002020360505'),
  approved('union-pay', 'UNION_PAY', '6200000000000005'),
  declined('declined', '4000000000000002', DO_NOT_HONOR),
  declined('insufficient-funds', '4000000000009995', ['2001', 'Insufficient Funds', 'SOFT']),
  declined('lost', '4000000000009987', ['2012', 'Possible Lost Card', 'HARD']),
  declined('stolen', '4000000000009979', ['2013', 'Possible Stolen Card', 'HARD']),
  declined('expired', '4000000000000069', ['2004', 'Expired Card', 'HARD']),
  declined('incorrect-cvc', '4000000000000127', ['2010', 'Card Issuer Declined CVV', 'HARD']),
  declined('processing-error', '4000000000000119', [
    '3000',
    'Processor Network Unavailable - Try Again',
    'SOFT',
  ]),
  declined(
    'stores-then-declines',
    '4000000000000341',
    DO_NOT_HONOR,
    'can be stored; every payment is declined',
  ),
  {
    id: 'fraud',
    number: '4100000000000019',
    brandCode: 'VISA',
    meaning: 'rejected by the gateway as fraudulent',
    behaviour: { kind: 'REJECT', responseCode: 'fraud', responseMessage: 'Gateway Rejected: fraud' },
  },
  {
    id: 'timeout-after-charging',
    number: '4000000000009102',
    brandCode: 'VISA',
    meaning: 'charged, but the answer never comes; a repeat with the same idempotency key is answered',
    behaviour: { kind: 'TIMEOUT', charged: true },
  },
  {
    id: 'timeout-before-charging',
    number: '4000000000009201',
    brandCode: 'VISA',
    meaning: 'not charged, and no answer ever comes',
    behaviour: { kind: 'TIMEOUT', charged: false },
  },
  {
    id: 'gateway-fault',
    number: '4000000000009300',
    brandCode: 'VISA',
    meaning: 'not charged; the gateway answers with an error of its own (HTTP 500)',
    behaviour: { kind: 'FAULT' },
  },
]

const byId = new Map(testCards.map((card) => [card.id, card]))
const byNumber = new Map(testCards.map((card) => [card.number, card]))

export const findTestCard = (id: string): TestCard | undefined => byId.get(id)
export const findTestCardByNumber = (number: string): TestCard | undefined => byNumber.get(number)

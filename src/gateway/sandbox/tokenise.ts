import { createHmac, randomBytes } from 'node:crypto'
import type { BillingAddress } from '../gateway.ts'
import { integerOf, objectOf, optionalTextOf, textOf, type Fields } from './fields.ts'
import type { MethodRecord, StoredCard } from './records.ts'
import { SandboxError } from './sandbox-error.ts'
import { findTestCard, findTestCardByNumber, type TestCard } from './test-cards.ts'

const ADDRESS_FIELDS = ['streetAddress', 'locality', 'region', 'postalCode', 'countryCode'] as const
const CARD_FIELDS = ['number', 'expirationMonth', 'expirationYear', 'cvv', 'cardholderName', 'billingAddress']

/** Someone may type the number into the wrong field, and what is in these is kept: no text of theirs needs 13 digits. */
function personalTextOf(fields: Fields, name: string): string | null {
  const text = optionalTextOf(fields, name)
  if (text !== null && (text.match(/\p{Nd}/gu) ?? []).length > 12) {
    throw new SandboxError(422, 'too_many_digits', `\`${name}\` has as many digits as a card number.`)
  }
  return text
}

const newId = (prefix: string) => `${prefix}_${randomBytes(18).toString('base64url')}`

function billingAddressOf(fields: Fields): BillingAddress | null {
  if (fields['billingAddress'] == null) return null
  const address = objectOf(fields['billingAddress'], '`billingAddress`', ADDRESS_FIELDS)
  const given = ADDRESS_FIELDS.flatMap((name) => {
    const value = personalTextOf(address, name)
    return value === null ? [] : [[name, value] as const]
  })
  return Object.fromEntries(given)
}

function requireTestCard(number: string): TestCard {
  const card = findTestCardByNumber(number.replace(/[ -]/g, ''))
  if (card === undefined) {
    throw new SandboxError(
      422,
      'not_a_test_card',
      'This is a sandbox and takes published test cards alone: see /test-cards. Never type a real card number here.',
    )
  }
  return card
}

function requireFuture(month: number, year: number, nowMs: number): void {
  // A card is good to the end of its month, wherever on earth that is last.
  if (Date.UTC(year, month, 1, 12) <= nowMs) {
    throw new SandboxError(422, 'expired', 'The expiry date has passed.')
  }
}

function requireCode(cvv: string, { brandCode }: TestCard): void {
  const digits = brandCode === 'AMERICAN_EXPRESS' ? 4 : 3
  if (cvv.length !== digits || !/^[0-9]+$/.test(cvv)) {
    throw new SandboxError(422, 'invalid_cvv', `The security code must have ${digits} digits.`)
  }
}

function storedCard(card: TestCard, fingerprintKey: Buffer, fields: Fields): StoredCard {
  const fingerprint = createHmac('sha256', fingerprintKey).update(card.number).digest('base64url')
  return {
    cardId: card.id,
    brandCode: card.brandCode,
    last4: card.number.slice(-4),
    bin: card.number.slice(0, 6),
    expirationMonth: integerOf(fields, 'expirationMonth', 1, 12),
    expirationYear: integerOf(fields, 'expirationYear', 2000, 2099),
    uniqueNumberIdentifier: `fp_${fingerprint.slice(0, 22)}`,
    cardholderName: personalTextOf(fields, 'cardholderName'),
    billingAddress: billingAddressOf(fields),
  }
}

interface Tokenising {
  readonly fingerprintKey: Buffer
  readonly nowMs: number
  readonly customerReference: string | null
}

function singleUse(card: StoredCard, { customerReference }: Tokenising): MethodRecord {
  return { kind: 'method', id: newId('tok'), card, usage: 'SINGLE_USE', customerReference, gone: false }
}

/** A single-use token of a card that a browser sent. The number and the code end here (PCI DSS 3.3.1). */
export function tokeniseCard(body: unknown, tokenising: Tokenising): MethodRecord {
  const fields = objectOf(body, 'The card', CARD_FIELDS)
  const testCard = requireTestCard(textOf(fields, 'number', 40))
  requireCode(textOf(fields, 'cvv', 4), testCard)
  const card = storedCard(testCard, tokenising.fingerprintKey, fields)
  requireFuture(card.expirationMonth, card.expirationYear, tokenising.nowMs)
  return singleUse(card, tokenising)
}

/** A single-use token of a test card by its id: what seeds and tests use, so that they hold no number. */
export function tokeniseTestCard(body: unknown, tokenising: Tokenising): MethodRecord {
  const fields = objectOf(body, 'The request', ['card', 'cardholderName', 'billingAddress'])
  const testCard = findTestCard(textOf(fields, 'card'))
  if (testCard === undefined) throw new SandboxError(422, 'not_a_test_card', 'No test card has this id.')
  const expiry = { expirationMonth: 12, expirationYear: new Date(tokenising.nowMs).getUTCFullYear() + 4 }
  return singleUse(storedCard(testCard, tokenising.fingerprintKey, { ...fields, ...expiry }), tokenising)
}

/** The multi-use method that a single-use token becomes. */
export function vaulted(token: MethodRecord, customerReference: string): MethodRecord {
  return { ...token, id: newId('pm'), usage: 'MULTI_USE', customerReference, gone: false }
}

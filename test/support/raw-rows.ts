/** Rows as the database takes them, for tests in raw SQL: each valid by itself, with a fresh id. */
import { v7 as newId } from 'uuid'

export type Row = Readonly<Record<string, unknown>>

/** A text of the sealed format; it opens with no key. */
export const sealedText = () => `s1.${newId()}.${'A'.repeat(60)}`

/** A text of the blind index's format. */
export const indexText = () => `b1.${newId()}.${'A'.repeat(43)}`

export const customer = (row: Row = {}): Row => ({ id: newId(), updatedAt: new Date(), ...row })

export const paymentMethod = (row: Row): Row => ({
  id: newId(),
  gateway: 'sandbox',
  token: sealedText(),
  tokenIndex: indexText(),
  brandCode: 'VISA',
  last4: '4242',
  bin: '424242',
  expirationMonth: 12,
  expirationYear: 2030,
  uniqueNumberIdentifier: 'fingerprint',
  ...row,
})

export const transaction = (row: Row = {}): Row => ({
  id: newId(),
  updatedAt: new Date(),
  status: 'AUTHORIZING',
  currencyCode: 'USD',
  amountMinor: 1000,
  gateway: 'sandbox',
  createdBy: 'test',
  ...row,
})

export const refund = (row: Row): Row => ({
  id: newId(),
  updatedAt: new Date(),
  status: 'AUTHORIZING',
  currencyCode: 'USD',
  amountMinor: 100,
  gateway: 'sandbox',
  createdBy: 'test',
  ...row,
})

export const event = (row: Row): Row => ({
  id: newId(),
  status: 'AUTHORIZING',
  amountMinor: 1000,
  currencyCode: 'USD',
  terminal: false,
  ...row,
})

export const dataKey = (row: Row = {}): Row => ({
  id: newId(),
  keyring: `test-${newId()}`,
  purpose: 'ENCRYPTION',
  state: 'ACTIVE',
  provider: 'local',
  keyReference: 'test',
  wrapped: Buffer.alloc(60),
  ...row,
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 } from 'uuid'
import type { PayInput } from '../../src/domain/payment.ts'
import { mayFollow, PAYMENT_STATUSES, TRANSITIONS } from '../../src/domain/status.ts'
import { callerAs, openTestDomain, paymentOf, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
const admin = callerAs(['ADMIN'])

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

const pay = (amount: string, terms?: Parameters<typeof paymentOf>[2]) => paymentOf(domain, amount, terms)
const badInput = { code: 'BAD_USER_INPUT' }

/** Whether the gateway was asked to move money while `run` ran. */
async function movesDuring(run: () => Promise<unknown>): Promise<number> {
  const before = await domain.sandbox.moves()
  await run()
  return (await domain.sandbox.moves()) - before
}

describe('a payment is refused before the gateway is asked', () => {
  it.each<[string, Partial<PayInput>]>([
    ['a negative amount', { amount: '-1' }],
    ['zero', { amount: '0.00' }],
    ['an exponent', { amount: '1e5' }],
    ['an endless number', { amount: '9'.repeat(400) }],
    ['too many decimals', { amount: '1.001' }],
    ['decimals of a currency that has none', { amount: '1.0', currencyCode: 'JPY' }],
    ['an unknown currency', { amount: '1', currencyCode: 'ZZZ' }],
    ['a currency in small letters', { amount: '1', currencyCode: 'usd' }],
    ['an empty order id', { amount: '1', orderId: '' }],
    ['a long order id', { amount: '1', orderId: 'x'.repeat(256) }],
    ['an order id with a NUL', { amount: '1', orderId: 'a\u0000b' }],
    ['a lone surrogate', { amount: '1', orderId: '\ud800' }],
    ['storing without a customer', { amount: '1', vault: 'ALWAYS' }],
    ['an unknown token', { amount: '1', method: { singleUseToken: 'tok_unknown' } }],
    ['a token with spaces', { amount: '1', method: { singleUseToken: 'tok 1' } }],
  ])('for %s', async (_, terms) => {
    const input = await pay('1', terms)
    const moves = await movesDuring(async () => {
      await expect(domain.payments.charge(admin, input)).rejects.toMatchObject(badInput)
    })
    expect(moves).toBe(0)
  })

  it('for a method or a customer that is not there', async () => {
    const there = await pay('1')
    const stranger = { code: 'NOT_FOUND' }
    const missing = { ...there, method: { storedId: v7() } }
    await expect(domain.payments.charge(admin, missing)).rejects.toMatchObject(stranger)
    const noId = { ...there, method: { storedId: "' OR 1=1" } }
    await expect(domain.payments.charge(admin, noId)).rejects.toMatchObject(stranger)
    await expect(domain.payments.charge(admin, { ...there, customerId: v7() })).rejects.toMatchObject(
      stranger,
    )
  })
})

describe('more than there is', () => {
  const part = (transactionId: string, amount?: string) => ({
    transactionId,
    ...(amount === undefined ? {} : { amount }),
    idempotencyKey: null,
  })

  it('cannot be captured', async () => {
    const { id } = await domain.payments.authorise(admin, await pay('10'))
    await domain.payments.capture(admin, part(id, '9.99'))
    await expect(domain.payments.capture(admin, part(id, '0.02'))).rejects.toMatchObject(badInput)
    await domain.payments.capture(admin, part(id, '0.01'))
    await expect(domain.payments.capture(admin, part(id))).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    })
  })

  it('cannot be given back', async () => {
    const { id } = await domain.payments.charge(admin, await pay('10'))
    await domain.payments.refund(admin, part(id, '9.99'))
    await expect(domain.payments.refund(admin, part(id, '0.02'))).rejects.toMatchObject(badInput)
    await domain.payments.refund(admin, part(id, '0.01'))
    await expect(domain.payments.refund(admin, part(id))).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    })
    await expect(domain.payments.reverse(admin, part(id))).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    })
  })

  it('is what an authorisation that was not captured has to give back', async () => {
    const { id } = await domain.payments.authorise(admin, await pay('10'))
    await expect(domain.payments.refund(admin, part(id))).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    })
  })

  it.each(['declined', 'fraud'])('is what a refused payment (%s) has for any step', async (card) => {
    const { id } = await domain.payments.charge(admin, await pay('10', { card }))
    for (const step of ['capture', 'refund', 'reverse'] as const) {
      await expect(domain.payments[step](admin, part(id))).rejects.toMatchObject({
        code: 'INVALID_TRANSITION',
      })
    }
  })

  it('is what a voided payment has for any step', async () => {
    const { id } = await domain.payments.authorise(admin, await pay('10'))
    await domain.payments.reverse(admin, part(id))
    for (const step of ['capture', 'refund', 'reverse'] as const) {
      await expect(domain.payments[step](admin, part(id))).rejects.toMatchObject({
        code: 'INVALID_TRANSITION',
      })
    }
  })
})

describe('the database', () => {
  it('holds the same status machine as the code', async () => {
    const rows = await domain.deps.database.$queryRaw<{ kind: string; from: string; to: string }[]>`
      SELECT kind, from_status::text AS "from", to_status::text AS "to" FROM sealpay_allowed_transitions()`
    const ours = Object.entries(TRANSITIONS).flatMap(([kind, table]) =>
      Object.entries(table).flatMap(([from, followers]) => followers.map((to) => ({ kind, from, to }))),
    )
    const texts = (list: typeof rows) => list.map(({ kind, from, to }) => `${kind} ${from} ${to}`).sort()
    expect(texts(rows)).toEqual(texts(ours))
  })

  it('refuses every step that the code refuses', async () => {
    const { database } = domain.deps
    for (const [status, start] of [
      ['PROCESSOR_DECLINED', await domain.payments.charge(admin, await pay('1', { card: 'declined' }))],
      ['SUBMITTED_FOR_SETTLEMENT', await domain.payments.charge(admin, await pay('1'))],
      ['AUTHORIZED', await domain.payments.authorise(admin, await pay('1'))],
    ] as const) {
      expect(start.status).toBe(status)
      const refused = PAYMENT_STATUSES.filter((to) => to !== status && !mayFollow('Transaction', status, to))
      for (const to of refused) {
        const change = database.transaction.update({ where: { id: start.id }, data: { status: to } })
        await expect(change).rejects.toThrow('does not go from')
      }
    }
  })

  it('refuses amounts that exceed what was authorised', async () => {
    const { database } = domain.deps
    const { id } = await domain.payments.authorise(admin, await pay('1'))
    for (const data of [{ capturedMinor: 101n }, { refundedMinor: 1n }, { authorizedMinor: 101n }]) {
      await expect(database.transaction.update({ where: { id }, data })).rejects.toThrow('range')
    }
  })
})

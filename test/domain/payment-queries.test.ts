import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 } from 'uuid'
import type { TransactionRecord } from '../../src/domain/payment.ts'
import type { PaymentSearch } from '../../src/domain/search.ts'
import { callerAs, openTestDomain, paymentOf, uniqueText, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
let usd: TransactionRecord
let jpy: TransactionRecord
let plain: TransactionRecord
const admin = callerAs(['ADMIN'])
const orderId = uniqueText('order')

beforeAll(async () => {
  domain = await openTestDomain()
  const customerId = (await domain.customers.create(admin, {})).id
  usd = await domain.payments.charge(admin, await paymentOf(domain, '12.50', { orderId, customerId }))
  jpy = await domain.payments.authorise(
    admin,
    await paymentOf(domain, '1250', { currencyCode: 'JPY', orderId: '100%' }),
  )
  plain = await domain.payments.charge(admin, await paymentOf(domain, '3'))
})
afterAll(() => domain.close())

const page = { limit: 100, after: null }
const found = async (search: PaymentSearch) =>
  (await domain.queries.searchTransactions(admin, search, page)).rows.map(({ id }) => id)

describe('transactions', () => {
  it('are found, newest first, by every condition, and all of them must hold', async () => {
    expect(await found({})).toEqual([plain.id, jpy.id, usd.id])
    expect(await found({ id: { in: [usd.id, jpy.id, v7(), 'nonsense'] } })).toEqual([jpy.id, usd.id])
    expect(await found({ id: { is: 'nonsense' } })).toEqual([])
    expect(await found({ status: { is: 'AUTHORIZED' } })).toEqual([jpy.id])
    expect(await found({ status: { in: ['AUTHORIZED', 'VOIDED'] } })).toEqual([jpy.id])
    expect(await found({ orderId: { is: orderId } })).toEqual([usd.id])
    expect(await found({ orderId: { isNot: orderId } })).toEqual([plain.id, jpy.id])
    expect(await found({ orderId: { contains: '%' } })).toEqual([jpy.id])
    expect(await found({ customerId: { is: usd.customerId } })).toEqual([usd.id])
    expect(await found({ createdAt: { greaterThanOrEqualTo: jpy.createdAt } })).toEqual([plain.id, jpy.id])
    expect(await found({ createdAt: { lessThanOrEqualTo: usd.createdAt } })).toEqual([usd.id])
    expect(await found({ orderId: { is: orderId }, status: { is: 'AUTHORIZED' } })).toEqual([])
  })

  it('are found by amount in its own currency', async () => {
    const amount = { currencyCode: 'USD', greaterThanOrEqualTo: '3', lessThanOrEqualTo: '12.50' }
    expect(await found({ amount })).toEqual([plain.id, usd.id])
    expect(await found({ amount: { currencyCode: 'JPY', is: '1250' } })).toEqual([jpy.id])
    expect(await found({ amount: { currencyCode: 'EUR', is: '12.50' } })).toEqual([])
    await expect(found({ amount: { currencyCode: 'JPY', is: '1.5' } })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })

  it('are not searched by more than 100 values or endless texts', async () => {
    const many = { id: { in: Array.from({ length: 101 }, () => v7()) } }
    await expect(found(many)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    const long = { orderId: { contains: 'x'.repeat(256) } }
    await expect(found(long)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  it('come in the order of the ids that were asked for', async () => {
    const rows = await domain.queries.transactionsByIds(admin, [jpy.id, v7(), usd.id, 'nonsense'])
    expect(rows.map((row) => row?.id ?? null)).toEqual([jpy.id, null, usd.id, null])
  })
})

describe('refunds', () => {
  it('are found by their own conditions and by who paid', async () => {
    const part = { transactionId: usd.id, amount: '1', idempotencyKey: null }
    const refund = await domain.payments.refund(admin, { ...part, orderId: uniqueText('back') })
    const refunds = async (search: PaymentSearch) =>
      (await domain.queries.searchRefunds(admin, search, page)).rows.map(({ id }) => id)
    expect(await refunds({ orderId: { startsWith: 'back' } })).toEqual([refund.id])
    expect(await refunds({ customerId: { is: usd.customerId } })).toEqual([refund.id])
    expect(await refunds({ customerId: { is: v7() } })).toEqual([])
    expect(await domain.queries.refund(admin, refund.id)).toMatchObject({
      transactionId: usd.id,
      amountMinor: 100n,
    })
  })
})

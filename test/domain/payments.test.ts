import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { callerAs, openTestDomain, paymentOf, uniqueText, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
const admin = callerAs(['ADMIN'])

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

const pay = (amount: string, terms?: Parameters<typeof paymentOf>[2]) => paymentOf(domain, amount, terms)

describe('a payment', () => {
  it('is charged, and keeps what the card was', async () => {
    const orderId = uniqueText('order')
    const payment = await domain.payments.charge(admin, await pay('12.50', { orderId }))
    expect(payment).toMatchObject({
      status: 'SUBMITTED_FOR_SETTLEMENT',
      currencyCode: 'USD',
      amountMinor: 1250n,
      authorizedMinor: 1250n,
      capturedMinor: 1250n,
      refundedMinor: 0n,
      orderId,
      last4: '4242',
      customerId: null,
    })
    expect(await payment.cardholderName?.open()).toBe('Alex Morgan')
    const [history] = await domain.queries.historiesOf(admin, [payment.id])
    expect(history?.map(({ status }) => status)).toEqual(['SUBMITTED_FOR_SETTLEMENT', 'AUTHORIZING'])
  })

  it('that the processor declines is data, with the reason in its history', async () => {
    const payment = await domain.payments.charge(admin, await pay('1', { card: 'insufficient-funds' }))
    expect(payment).toMatchObject({ status: 'PROCESSOR_DECLINED', authorizedMinor: 0n, capturedMinor: 0n })
    const [history] = await domain.queries.historiesOf(admin, [payment.id])
    expect(history?.[0]).toMatchObject({ status: 'PROCESSOR_DECLINED', declineType: 'SOFT', terminal: true })
  })

  it('is captured in parts, and refunded in parts', async () => {
    const { id } = await domain.payments.authorise(admin, await pay('10', { currencyCode: 'KWD' }))
    const part = { transactionId: id, idempotencyKey: null }
    expect(await domain.payments.capture(admin, { ...part, amount: '4.001' })).toMatchObject({
      status: 'SUBMITTED_FOR_SETTLEMENT',
      capturedMinor: 4001n,
    })
    expect(await domain.payments.capture(admin, part)).toMatchObject({ capturedMinor: 10_000n })
    const first = await domain.payments.refund(admin, { ...part, amount: '1', reason: 'broken' })
    expect(first).toMatchObject({ status: 'SUBMITTED_FOR_SETTLEMENT', amountMinor: 1000n, reason: 'broken' })
    const rest = await domain.payments.refund(admin, part)
    expect(rest.amountMinor).toBe(9000n)
    const [refunds] = await domain.queries.refundsOf(admin, [id])
    expect(refunds?.map((refund) => refund.id)).toEqual([rest.id, first.id])
    const [history] = await domain.queries.historiesOf(admin, [id])
    expect(history?.map(({ status, amountMinor }) => [status, amountMinor])).toEqual([
      ['SUBMITTED_FOR_SETTLEMENT', 5999n],
      ['SUBMITTED_FOR_SETTLEMENT', 4001n],
      ['AUTHORIZED', 10_000n],
      ['AUTHORIZING', 10_000n],
    ])
  })

  it('is reversed by a void while nothing is settled, and by a refund after', async () => {
    const unsettled = await domain.payments.charge(admin, await pay('5'))
    const voided = await domain.payments.reverse(admin, { transactionId: unsettled.id, idempotencyKey: null })
    expect(voided).toMatchObject({
      type: 'Transaction',
      transaction: { status: 'VOIDED', capturedMinor: 0n },
    })

    const settled = await domain.payments.charge(admin, await pay('5'))
    const row = await domain.deps.database.transaction.findUniqueOrThrow({ where: { id: settled.id } })
    await domain.sandbox.advance(row.gatewayReference ?? '', 'SETTLED')
    const refunded = await domain.payments.reverse(admin, { transactionId: settled.id, idempotencyKey: null })
    expect(refunded).toMatchObject({ type: 'Refund', refund: { amountMinor: 500n } })
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 } from 'uuid'
import { recover } from '../../src/domain/recovery.ts'
import { GatewayUnavailable } from '../../src/errors.ts'
import type { GatewayPaymentState } from '../../src/gateway/gateway.ts'
import { callerAs, openTestDomain, paymentOf, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
const admin = callerAs(['ADMIN'])

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

const report = (error: unknown) => {
  throw error
}
const recoverLater = () => recover({ ...domain.deps, report, now: () => new Date(Date.now() + 10 * 60_000) })

const referenceOf = async (id: string) =>
  (await domain.deps.database.transaction.findUniqueOrThrow({ where: { id } })).gatewayReference ?? ''

async function historyOf(id: string): Promise<readonly string[]> {
  const [history = []] = await domain.queries.historiesOf(admin, [id])
  return history.map(({ status }) => status)
}

describe('recovery', () => {
  it.each<[GatewayPaymentState, readonly string[]]>([
    ['SETTLING', ['SETTLING']],
    ['SETTLED', ['SETTLED']],
    ['SETTLEMENT_CONFIRMED', ['SETTLEMENT_CONFIRMED', 'SETTLEMENT_PENDING']],
    ['SETTLEMENT_DECLINED', ['SETTLEMENT_DECLINED']],
  ])('moves a charge that is %s at the gateway there, step by step', async (state, steps) => {
    const { id } = await domain.payments.charge(admin, await paymentOf(domain, '5'))
    await domain.sandbox.advance(await referenceOf(id), state)
    await recoverLater()
    expect(await domain.queries.transaction(admin, id)).toMatchObject({ status: state })
    expect(await historyOf(id)).toEqual([...steps, 'SUBMITTED_FOR_SETTLEMENT', 'AUTHORIZING'])
  })

  it('lets an authorisation expire', async () => {
    const { id } = await domain.payments.authorise(admin, await paymentOf(domain, '5'))
    await domain.sandbox.advance(await referenceOf(id), 'AUTHORIZATION_EXPIRED')
    await recoverLater()
    expect(await historyOf(id)).toEqual(['AUTHORIZATION_EXPIRED', 'AUTHORIZED', 'AUTHORIZING'])
  })

  it('does not take over money that we did not ask for', async () => {
    const { id } = await domain.payments.authorise(admin, await paymentOf(domain, '5'))
    const reference = await referenceOf(id)
    const amount = { minor: 500n, currencyCode: 'USD' }
    await domain.deps.gateway.capture({ idempotencyKey: v7(), reference, amount })
    await domain.sandbox.advance(reference, 'SETTLED')
    await recoverLater()
    expect(await domain.queries.transaction(admin, id)).toMatchObject({
      status: 'AUTHORIZED',
      capturedMinor: 0n,
    })
  })

  it('makes what a refund did not bring refundable again', async () => {
    const { id } = await domain.payments.charge(admin, await paymentOf(domain, '5'))
    const refund = await domain.payments.refund(admin, { transactionId: id, idempotencyKey: null })
    const row = await domain.deps.database.refund.findUniqueOrThrow({ where: { id: refund.id } })
    await domain.sandbox.advance(row.gatewayReference ?? '', 'SETTLEMENT_DECLINED')
    await recoverLater()
    expect(await domain.queries.refund(admin, refund.id)).toMatchObject({ status: 'SETTLEMENT_DECLINED' })
    expect(await domain.queries.transaction(admin, id)).toMatchObject({ refundedMinor: 0n })
  })

  it('ends its round when the gateway is down, and says so', async () => {
    await domain.payments.charge(admin, await paymentOf(domain, '5'))
    const reported: unknown[] = []
    const { gateway } = domain.deps
    const findState = () => Promise.reject(new GatewayUnavailable())
    const now = () => new Date(Date.now() + 20 * 60_000)
    const broken = { ...domain.deps, gateway: { ...gateway, findState }, now }
    const recovered = await recover({ ...broken, report: (error) => reported.push(error) })
    expect(recovered.advanced).toBe(0)
    expect(reported[0]).toBeInstanceOf(GatewayUnavailable)
  })
})

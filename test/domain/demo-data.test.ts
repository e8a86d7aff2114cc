import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { demoCustomerId } from '../../src/domain/demo/cast.ts'
import { demoPayments } from '../../src/domain/demo/plan.ts'
import type { DemoSandbox } from '../../src/domain/demo/stage.ts'
import { seedDemoData } from '../../src/domain/demo-data.ts'
import { recover } from '../../src/domain/recovery.ts'
import { PAYMENT_STATUSES } from '../../src/domain/status.ts'
import { callerAs, openTestDomain, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
const admin = callerAs(['ADMIN'])

beforeAll(async () => {
  domain = await openTestDomain()
  const { sandbox, deps } = domain
  const tokenise = ({ card, cardholderName }: Parameters<DemoSandbox['tokenise']>[0]) =>
    sandbox.token(card, cardholderName)
  const options = { ...deps, sandbox: { tokenise, advance: sandbox.advance } }
  const added = await seedDemoData(options)
  expect(added).toEqual({ customers: 40, payments: 300 })
  expect(await seedDemoData(options)).toEqual({ customers: 0, payments: 0 })
}, 120_000)
afterAll(() => domain.close())

describe('the demo data', () => {
  it('has payments in every status and in five currencies, as planned', async () => {
    const rows = await domain.deps.database.transaction.findMany({ orderBy: { orderId: 'asc' } })
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(PAYMENT_STATUSES))
    expect(new Set(rows.map(({ currencyCode }) => currencyCode))).toEqual(
      new Set(['USD', 'EUR', 'GBP', 'JPY', 'KWD']),
    )
    const planned = demoPayments(40).map(({ orderId, status }) => `${orderId} ${status}`)
    expect(rows.map(({ orderId, status }) => `${orderId ?? ''} ${status}`)).toEqual(planned)
  })

  it('keeps every status when recovery goes over it', async () => {
    await recover({ ...domain.deps, report: () => undefined })
    const groups = await domain.deps.database.transaction.groupBy({ by: ['status'] })
    expect(new Set(groups.map(({ status }) => status))).toEqual(new Set(PAYMENT_STATUSES))
  })

  it('lies in the past 90 days, and sorts by id as by time', async () => {
    const rows = await domain.deps.database.transaction.findMany({ orderBy: { id: 'asc' } })
    const times = rows.map(({ createdAt }) => createdAt.getTime())
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBeGreaterThan(Date.now() - 92 * 24 * 3_600_000)
    const events = await domain.deps.database.paymentStatusEvent.findMany({ select: { createdAt: true } })
    expect(Math.max(...events.map(({ createdAt }) => createdAt.getTime()))).toBeLessThan(Date.now() + 60_000)
  })

  it('gives the demo’s customer a name, methods, payments and refunds to look at', async () => {
    const asThem = callerAs(['CUSTOMER'], demoCustomerId)
    const page = { limit: 100, after: null }
    const customer = await domain.customers.get(asThem, demoCustomerId)
    expect(await customer.email?.open()).toBe('alex.morgan@example.com')
    expect((await domain.methods.ofCustomer(asThem, demoCustomerId, page)).rows.length).toBeGreaterThan(0)
    expect((await domain.queries.searchTransactions(asThem, {}, page)).rows.length).toBeGreaterThan(20)
    expect((await domain.queries.searchRefunds(asThem, {}, page)).rows.length).toBeGreaterThan(0)
  })

  it('has no two customers with one address', async () => {
    const { rows } = await domain.customers.search(admin, {}, { limit: 100, after: null })
    const addresses = await Promise.all(rows.map(async ({ email }) => email?.open()))
    expect(new Set(addresses).size).toBe(40)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CustomerRecord } from '../../src/domain/customer.ts'
import type { Caller } from '../../src/domain/principal.ts'
import { callerAs, openTestDomain, paymentOf, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
let alex: CustomerRecord
let kim: CustomerRecord
let asAlex: Caller
const admin = callerAs(['ADMIN'])

beforeAll(async () => {
  domain = await openTestDomain()
  alex = await domain.customers.create(admin, { email: 'alex.morgan@example.com' })
  kim = await domain.customers.create(admin, { email: 'kim.larsen@example.com' })
  asAlex = callerAs(['CUSTOMER'], alex.id)
})
afterAll(() => domain.close())

const page = { limit: 100, after: null }
const missing = { code: 'NOT_FOUND' }

const vaultFor = async (customerId: string) =>
  domain.methods.vault(admin, { singleUseToken: await domain.sandbox.token(), customerId })

describe('a customer', () => {
  it('does not find what is another one’s, whatever the use case', async () => {
    const method = await vaultFor(kim.id)
    const input = { method: { storedId: method.id }, amount: '5', idempotencyKey: null }
    const payment = await domain.payments.charge(admin, input)
    const refund = await domain.payments.refund(admin, {
      transactionId: payment.id,
      amount: '1',
      idempotencyKey: null,
    })
    const step = { transactionId: payment.id, idempotencyKey: null }
    const singleUseToken = await domain.sandbox.token()
    const fresh = await paymentOf(domain, '5', { customerId: kim.id })
    const before = await domain.sandbox.moves()
    const attempts: (() => Promise<unknown>)[] = [
      () => domain.customers.get(asAlex, kim.id),
      () => domain.customers.update(asAlex, kim.id, { company: 'Mine' }),
      () => domain.customers.delete(asAlex, kim.id),
      () => domain.methods.get(asAlex, method.id),
      () => domain.methods.delete(asAlex, method.id),
      () => domain.methods.vault(asAlex, { singleUseToken, customerId: kim.id }),
      () => domain.methods.createClientToken(asAlex, { customerId: kim.id }),
      () => domain.payments.charge(asAlex, input),
      () => domain.payments.authorise(asAlex, input),
      () => domain.payments.charge(asAlex, fresh),
      () => domain.payments.capture(asAlex, step),
      () => domain.payments.refund(asAlex, step),
      () => domain.payments.reverse(asAlex, step),
      () => domain.queries.transaction(asAlex, payment.id),
      () => domain.queries.refund(asAlex, refund.id),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(missing)
    expect((await domain.sandbox.moves()) - before).toBe(0)
  })

  it('finds nothing of another one in lists', async () => {
    const method = await vaultFor(kim.id)
    const input = { method: { storedId: method.id }, amount: '5', idempotencyKey: null }
    const { id } = await domain.payments.charge(admin, input)
    const refund = await domain.payments.refund(admin, { transactionId: id, idempotencyKey: null })
    const { queries, customers, methods } = domain
    const named = { customerId: { is: kim.id } }
    expect((await queries.searchTransactions(asAlex, named, page)).rows).toEqual([])
    expect((await queries.searchTransactions(asAlex, { id: { is: id } }, page)).rows).toEqual([])
    expect((await queries.searchRefunds(asAlex, named, page)).rows).toEqual([])
    expect(await queries.transactionsByIds(asAlex, [id])).toEqual([null])
    expect(await queries.refundsOf(asAlex, [id])).toEqual([[]])
    expect(await queries.historiesOf(asAlex, [id, refund.id])).toEqual([[], []])
    expect(await customers.byIds(asAlex, [kim.id])).toEqual([null])
    expect((await customers.search(asAlex, { id: { is: kim.id } }, page)).rows).toEqual([])
    expect((await customers.search(asAlex, {}, page)).rows.map((row) => row.id)).toEqual([alex.id])
    expect(await methods.byIds(asAlex, [method.id])).toEqual([null])
    expect((await methods.ofCustomer(asAlex, kim.id, page)).rows).toEqual([])
  })

  it('pays for themselves, with and without saying so', async () => {
    const silent = await domain.payments.charge(asAlex, await paymentOf(domain, '5'))
    const said = await domain.payments.charge(asAlex, await paymentOf(domain, '5', { customerId: alex.id }))
    expect([silent.customerId, said.customerId]).toEqual([alex.id, alex.id])
    const method = await domain.methods.vault(asAlex, { singleUseToken: await domain.sandbox.token() })
    expect(method.customerId).toBe(alex.id)
  })

  it('cannot make another customer', async () => {
    await expect(domain.customers.create(asAlex, {})).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('a caller who is nobody’s customer', () => {
  it.each([
    ['CUSTOMER without a customer', callerAs(['CUSTOMER'])],
    ['AUDITOR', callerAs(['AUDITOR'])],
    ['AUDITOR with a customer id but not its role', callerAs(['AUDITOR'], 'not-an-id')],
    ['no role', callerAs([])],
  ])('(%s) finds no payment, not even those of guests', async (_, nobody) => {
    const guest = await domain.payments.charge(admin, await paymentOf(domain, '5'))
    await expect(domain.queries.transaction(nobody, guest.id)).rejects.toMatchObject(missing)
    expect((await domain.queries.searchTransactions(nobody, {}, page)).rows).toEqual([])
    expect((await domain.customers.search(nobody, {}, page)).rows).toEqual([])
    await expect(domain.payments.charge(nobody, await paymentOf(domain, '5'))).rejects.toMatchObject(missing)
  })
})

describe('staff', () => {
  it.each(['SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE'] as const)('(%s) reach every customer', async (role) => {
    expect(await domain.customers.get(callerAs([role, 'CUSTOMER'], alex.id), kim.id)).toMatchObject({
      id: kim.id,
    })
  })
})

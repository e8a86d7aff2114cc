import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 } from 'uuid'
import { callerAs, openTestDomain, paymentOf, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
const admin = callerAs(['ADMIN'])

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

const newCustomer = async () => (await domain.customers.create(admin, { company: 'Kite' })).id
const vaultFor = async (customerId: string, makeDefault = false) =>
  domain.methods.vault(admin, { singleUseToken: await domain.sandbox.token(), customerId, makeDefault })
const defaultOf = async (id: string) => (await domain.customers.get(admin, id)).defaultPaymentMethodId

describe('a stored payment method', () => {
  it('is the default when it is the first, or when it is asked for', async () => {
    const id = await newCustomer()
    const first = await vaultFor(id)
    expect(await defaultOf(id)).toBe(first.id)
    await vaultFor(id)
    expect(await defaultOf(id)).toBe(first.id)
    const third = await vaultFor(id, true)
    expect(await defaultOf(id)).toBe(third.id)
    await domain.methods.delete(admin, third.id)
    expect(await defaultOf(id)).toBeNull()
  })

  it('keeps its token sealed, and opens to what the gateway gave', async () => {
    const method = await vaultFor(await newCustomer())
    expect(method).toMatchObject({ last4: '4242', bin: '424242' })
    expect(await method.cardholderName?.open()).toBe('Alex Morgan')
    expect(await method.billingAddress?.open()).toMatchObject({ countryCode: 'GB' })
    const [row] = await domain.deps.database.$queryRaw<{ token: string }[]>`
      SELECT "token" FROM "CustomerGatewayToken" WHERE "id" = ${method.id}::uuid`
    expect(row?.token).toMatch(/^s1\./)
  })

  it('pays again and again, until it is deleted', async () => {
    const method = await vaultFor(await newCustomer())
    const input = { method: { storedId: method.id }, amount: '5', idempotencyKey: null }
    const first = await domain.payments.charge(admin, input)
    expect(first).toMatchObject({ paymentMethodId: method.id, customerId: method.customerId, last4: '4242' })
    await domain.payments.charge(admin, input)
    await domain.methods.delete(admin, method.id)
    await expect(domain.payments.charge(admin, input)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await domain.queries.transaction(admin, first.id)).toMatchObject({
      paymentMethodId: null,
      last4: '4242',
    })
  })

  it('does not pay for another customer', async () => {
    const method = await vaultFor(await newCustomer())
    const input = { method: { storedId: method.id }, amount: '5', idempotencyKey: null }
    const other = { ...input, customerId: await newCustomer() }
    await expect(domain.payments.charge(admin, other)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    const again = { ...input, vault: 'ALWAYS' } as const
    await expect(domain.payments.charge(admin, again)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  it('does not pay by its token, for whoever got hold of that', async () => {
    const customerId = await newCustomer()
    const method = await vaultFor(customerId)
    const { token } = await domain.deps.database.customerGatewayToken.findUniqueOrThrow({
      where: { id: method.id },
    })
    const singleUseToken = await token.open()
    const payment = { method: { singleUseToken }, amount: '5', idempotencyKey: null }
    const refusal = { code: 'BAD_USER_INPUT' }
    await expect(domain.payments.charge(admin, payment)).rejects.toMatchObject(refusal)
    await expect(domain.methods.vault(admin, { singleUseToken, customerId })).rejects.toMatchObject(refusal)
  })

  it('cannot be made of a token that paid, nor the other way round', async () => {
    const customerId = await newCustomer()
    const used = await paymentOf(domain, '5')
    await domain.payments.charge(admin, used)
    const conflict = { code: 'CONFLICT' }
    if (!('singleUseToken' in used.method)) throw new Error('not reached')
    const { singleUseToken } = used.method
    await expect(domain.methods.vault(admin, { singleUseToken, customerId })).rejects.toMatchObject(conflict)
    const fresh = await domain.sandbox.token()
    await domain.methods.vault(admin, { singleUseToken: fresh, customerId })
    const payment = { method: { singleUseToken: fresh }, amount: '5', idempotencyKey: null }
    await expect(domain.payments.charge(admin, payment)).rejects.toMatchObject(conflict)
  })
})

describe('storing a method on the way to a payment', () => {
  it.each([
    ['ON_SUCCESSFUL_TRANSACTION', 'visa', 1],
    ['ON_SUCCESSFUL_TRANSACTION', 'stores-then-declines', 0],
    ['ALWAYS', 'stores-then-declines', 1],
  ] as const)('%s, with card %s, leaves %d stored', async (vault, card, count) => {
    const customerId = await newCustomer()
    const terms = { customerId, vault, card }
    const payment = await domain.payments.charge(admin, await paymentOf(domain, '5', terms))
    const page = await domain.methods.ofCustomer(admin, customerId, { limit: 10, after: null })
    expect(page.rows).toHaveLength(count)
    expect(payment.paymentMethodId).toBe(page.rows[0]?.id ?? null)
    expect(await domain.deps.database.gatewayAttempt.count({ where: { customerId, state: 'OPEN' } })).toBe(0)
  })
})

describe('a client token', () => {
  it('is for origins, and for a customer who is there', async () => {
    const customerId = await newCustomer()
    const domains = ['https://shop.example', 'http://127.0.0.1:4000']
    expect(await domain.methods.createClientToken(admin, { customerId, domains })).toEqual(expect.any(String))
    for (const wrong of [
      'shop.example',
      'https://shop.example/',
      'javascript:alert(1)',
      'ftp://a.example',
      'https://*.shop.example',
      '*',
    ]) {
      const refused = domain.methods.createClientToken(admin, { domains: [wrong] })
      await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    }
    const nobody = domain.methods.createClientToken(admin, { customerId: v7() })
    await expect(nobody).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

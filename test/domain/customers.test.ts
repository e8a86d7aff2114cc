import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 } from 'uuid'
import { recover } from '../../src/domain/recovery.ts'
import type { CustomerInput, CustomerSearch } from '../../src/domain/customer.ts'
import { GatewayUnavailable } from '../../src/errors.ts'
import { callerAs, openTestDomain, paymentOf, uniqueText, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
const admin = callerAs(['ADMIN'])
const page = { limit: 100, after: null }

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

const email = () => `${uniqueText('alex')}@example.com`

describe('a customer', () => {
  it('is sealed where it is personal, and changes only where it is told to', async () => {
    const address = email()
    const { id } = await domain.customers.create(admin, {
      email: address,
      firstName: 'Alex',
      company: 'Kite',
    })
    const changed = await domain.customers.update(admin, id, { company: null, lastName: 'Morgan' })
    expect(changed).toMatchObject({ id, company: null })
    expect(String(changed.email)).toBe('[sealed]')
    expect(await changed.email?.open()).toBe(address)
    expect(await changed.firstName?.open()).toBe('Alex')
    expect(await changed.lastName?.open()).toBe('Morgan')
  })

  it.each<CustomerInput>([
    { email: 'nobody' },
    { email: 'a@b' },
    { email: 'a b@example.com' },
    { email: `${'a'.repeat(65)}@example.com` },
    { email: `a@${'b.'.repeat(140)}com` },
    { email: '' },
    { phoneNumber: '12' },
    { phoneNumber: '+44 20 7946 0018 ext 5' },
    { phoneNumber: '1'.repeat(16) },
    { firstName: 'x'.repeat(256) },
    { lastName: 'a\u0007b' },
    { company: '' },
  ])('%j is refused, and the refusal does not repeat it', async (input) => {
    const value = String(Object.values(input as Record<string, unknown>)[0])
    await expect(domain.customers.create(admin, input)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: value === '' ? expect.anything() : expect.not.stringContaining(value),
    })
  })

  it('is found by equality of what is sealed, in any spelling that means the same', async () => {
    const address = email()
    const lastName = uniqueText('Morgan')
    const { id } = await domain.customers.create(admin, {
      email: address,
      lastName,
      phoneNumber: '+442079460018',
    })
    const found = async (search: CustomerSearch) =>
      (await domain.customers.search(admin, search, page)).rows.map((row) => row.id)
    expect(await found({ email: { is: address } })).toEqual([id])
    expect(await found({ email: { is: address.replace('example', 'EXAMPLE') } })).toEqual([id])
    expect(await found({ lastName: { is: lastName } })).toEqual([id])
    expect(await found({ phoneNumber: { is: '+44 20 7946 0018' } })).toContain(id)
    expect(await found({ email: { is: email() } })).toEqual([])
  })

  it.each<CustomerSearch>([
    { email: { contains: 'example' } },
    { email: { startsWith: 'a' } },
    { email: { isNot: 'a@example.com' } },
    { lastName: { endsWith: 'n' } },
    { phoneNumber: { is: '+44', contains: '4' } },
    { firstName: { is: 'Alex' } },
  ])('is not searched by %j', async (search) => {
    await expect(domain.customers.search(admin, search, page)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('stored sealed'),
    })
  })

  it('is found by the company’s text, in which no character is a wildcard', async () => {
    const tag = uniqueText('kite')
    const names = [`${tag} 100%`, `${tag} 100_`, `${tag} 100x`, String.raw`${tag} \ `]
    for (const company of names) await domain.customers.create(admin, { company })
    const found = async (company: CustomerSearch['company']) =>
      (await domain.customers.search(admin, { company }, page)).rows.map((row) => row.company)
    expect(await found({ startsWith: tag })).toEqual(names.toReversed())
    expect(await found({ startsWith: tag, endsWith: '%' })).toEqual([names[0]])
    expect(await found({ contains: `${tag} 100_` })).toEqual([names[1]])
    expect(await found({ startsWith: tag, contains: '\\' })).toEqual([names[3]])
    expect(await found({ contains: tag, isNot: names[0] ?? '' })).toEqual(names.slice(1).toReversed())
  })

  it('is on one page of a list that is walked, and on one alone', async () => {
    const company = uniqueText('walk')
    const ids: string[] = []
    for (let count = 0; count < 5; count += 1)
      ids.push((await domain.customers.create(admin, { company })).id)
    const seen: string[] = []
    let after: string | null = null
    for (let more = true; more;) {
      const { rows, hasMore } = await domain.customers.search(
        admin,
        { company: { is: company } },
        { limit: 2, after },
      )
      seen.push(...rows.map(({ id }) => id))
      after = rows.at(-1)?.id ?? null
      more = hasMore
    }
    expect(seen).toEqual(ids.toReversed())
  })

  it.each([0, -1, 101, 1.5, Number.NaN])('is not on a page of %d', async (limit) => {
    const search = domain.customers.search(admin, {}, { limit, after: null })
    await expect(search).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})

describe('a deleted customer', () => {
  it('is not there any more, has nothing personal left, and keeps its payments', async () => {
    const { database } = domain.deps
    const { id } = await domain.customers.create(admin, { email: email(), firstName: 'Alex' })
    const method = await domain.methods.vault(admin, {
      singleUseToken: await domain.sandbox.token(),
      customerId: id,
    })
    const input = { method: { storedId: method.id }, amount: '5', idempotencyKey: null }
    const payment = await domain.payments.authorise(admin, input)
    await expect(domain.customers.delete(admin, id)).rejects.toMatchObject({ code: 'CONFLICT' })
    await domain.payments.reverse(admin, { transactionId: payment.id, idempotencyKey: null })
    await domain.customers.delete(admin, id)
    const missing = { code: 'NOT_FOUND' }
    await expect(domain.customers.get(admin, id)).rejects.toMatchObject(missing)
    await expect(domain.customers.delete(admin, id)).rejects.toMatchObject(missing)
    await expect(domain.methods.get(admin, method.id)).rejects.toMatchObject(missing)
    await expect(domain.payments.charge(admin, input)).rejects.toMatchObject(missing)
    const fresh = await paymentOf(domain, '5', { customerId: id })
    await expect(domain.payments.charge(admin, fresh)).rejects.toMatchObject(missing)
    expect(await database.customer.findUnique({ where: { id } })).toMatchObject({
      email: null,
      emailIndex: null,
      firstName: null,
      defaultPaymentMethodId: null,
    })
    expect(await domain.queries.transaction(admin, payment.id)).toMatchObject({
      amountMinor: 500n,
      last4: '4242',
      cardholderName: null,
    })
    expect(await database.customerGatewayToken.count({ where: { customerId: id } })).toBe(0)
  })

  it('of whom the gateway did not hear yet is forgotten there by recovery', async () => {
    const { database, gateway } = domain.deps
    const { id } = await domain.customers.create(admin, {})
    await domain.methods.vault(admin, { singleUseToken: await domain.sandbox.token(), customerId: id })
    const deletePaymentMethod = () => Promise.reject(new GatewayUnavailable())
    await domain.as({ gateway: { ...gateway, deletePaymentMethod } }).customers.delete(admin, id)
    expect(await database.customerGatewayToken.count({ where: { customerId: id } })).toBe(1)
    await recover({ ...domain.deps, report: () => undefined })
    expect(await database.customerGatewayToken.count({ where: { customerId: id } })).toBe(0)
  })

  it('that never was is not there either', async () => {
    for (const id of [v7(), 'nonsense', '']) {
      await expect(domain.customers.delete(admin, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })
})

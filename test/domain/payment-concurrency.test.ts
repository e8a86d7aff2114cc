import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  callerAs,
  openTestDomain,
  outcomesOf,
  paymentOf,
  uniqueText,
  type TestDomain,
} from '../support/domain.ts'

let domain: TestDomain
const admin = callerAs(['ADMIN'])

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

const times = <T>(count: number, run: () => Promise<T>) => outcomesOf(Array.from({ length: count }, run))

describe('many at once', () => {
  it('make one charge with one idempotency key', async () => {
    const input = await paymentOf(domain, '5', { idempotencyKey: uniqueText('key') })
    const before = await domain.sandbox.moves()
    const { values, codes } = await times(50, () => domain.payments.charge(admin, input))
    expect(new Set(values.map(({ id }) => id)).size).toBe(1)
    expect(codes.filter((code) => code !== 'IDEMPOTENCY_IN_PROGRESS')).toEqual([])
    expect((await domain.sandbox.moves()) - before).toBe(1)
    expect(await domain.payments.charge(admin, input)).toMatchObject({ id: values[0]?.id })
  })

  it('make one charge with one single-use token', async () => {
    const input = await paymentOf(domain, '5')
    const before = await domain.sandbox.moves()
    const { values, codes } = await times(50, () => domain.payments.charge(admin, input))
    expect(values).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set(['CONFLICT']))
    expect((await domain.sandbox.moves()) - before).toBe(1)
  })

  it('never give back more than was captured', async () => {
    const { id } = await domain.payments.charge(admin, await paymentOf(domain, '10'))
    const refund = { transactionId: id, amount: '3', idempotencyKey: null }
    const { values, codes } = await times(20, () => domain.payments.refund(admin, refund))
    expect(values).toHaveLength(3)
    expect(codes).toEqual(Array.from({ length: 17 }, () => 'BAD_USER_INPUT'))
    expect(await domain.queries.transaction(admin, id)).toMatchObject({ refundedMinor: 900n })
  })

  it('never capture more than was authorised', async () => {
    const { id } = await domain.payments.authorise(admin, await paymentOf(domain, '10'))
    const capture = { transactionId: id, amount: '3', idempotencyKey: null }
    const { values, codes } = await times(20, () => domain.payments.capture(admin, capture))
    expect(values).toHaveLength(3)
    expect(codes).toEqual(Array.from({ length: 17 }, () => 'BAD_USER_INPUT'))
    expect(await domain.queries.transaction(admin, id)).toMatchObject({ capturedMinor: 900n })
  })

  it('either void or capture, and never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await domain.payments.authorise(admin, await paymentOf(domain, '10'))
      const step = { transactionId: id, idempotencyKey: null }
      await outcomesOf<unknown>([domain.payments.reverse(admin, step), domain.payments.capture(admin, step)])
      const { status, capturedMinor } = await domain.queries.transaction(admin, id)
      expect([
        ['VOIDED', 0n],
        ['SUBMITTED_FOR_SETTLEMENT', 1000n],
      ]).toContainEqual([status, capturedMinor])
    }
  })

  it('reverse once', async () => {
    const { id } = await domain.payments.charge(admin, await paymentOf(domain, '10'))
    const { values, codes } = await times(10, () =>
      domain.payments.reverse(admin, { transactionId: id, idempotencyKey: null }),
    )
    expect(values.filter(({ type }) => type === 'Transaction')).toHaveLength(1)
    expect(values).toHaveLength(1)
    expect(codes.every((code) => code === 'CONFLICT' || code === 'INVALID_TRANSITION')).toBe(true)
  })

  it('store one method of one single-use token', async () => {
    const customer = await domain.customers.create(admin, { company: 'Blue Kite Ltd' })
    const singleUseToken = await domain.sandbox.token()
    const { values, codes } = await times(20, () =>
      domain.methods.vault(admin, { singleUseToken, customerId: customer.id }),
    )
    expect(values).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set(['CONFLICT']))
  })
})

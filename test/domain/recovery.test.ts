import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { recover, startRecovery } from '../../src/domain/recovery.ts'
import { GatewayUnavailable } from '../../src/errors.ts'
import type { AuthoriseRequest, Gateway } from '../../src/gateway/gateway.ts'
import { callerAs, openTestDomain, paymentOf, uniqueText, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
const admin = callerAs(['ADMIN'])
const page = { limit: 10, after: null }

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

const later = () => new Date(Date.now() + 10 * 60_000)
const report = (error: unknown) => {
  throw error
}
const recoverLater = (gateway: Gateway = domain.deps.gateway) =>
  recover({ ...domain.deps, gateway, report, now: later })

const newCustomer = async () => (await domain.customers.create(admin, {})).id
const methodsOf = async (customerId: string) =>
  (await domain.methods.ofCustomer(admin, customerId, page)).rows
const paymentsOf = async (customerId: string) =>
  (await domain.queries.searchTransactions(admin, { customerId: { is: customerId } }, page)).rows
const openAttemptsOf = (customerId: string) =>
  domain.deps.database.gatewayAttempt.count({ where: { customerId, state: 'OPEN' } })

/** A gateway whose `authorise` runs `before`, and then fails as one that cannot be reached. */
function failing(before: (request: AuthoriseRequest) => Promise<unknown>): Gateway {
  const { gateway } = domain.deps
  const unknown = () => Promise.reject(new GatewayUnavailable())
  const authorise = async (request: AuthoriseRequest) => {
    await before(request)
    throw new GatewayUnavailable()
  }
  return { ...gateway, authorise, findByIdempotencyKey: unknown }
}

const storing = (customerId: string) =>
  paymentOf(domain, '5', { customerId, vault: 'ON_SUCCESSFUL_TRANSACTION' })

describe('a payment that was to store its method and was left open', () => {
  it('stores it when the gateway had charged', async () => {
    const customerId = await newCustomer()
    const gateway = failing((request) => domain.deps.gateway.authorise(request))
    const charge = domain.as({ gateway }).payments.charge(admin, await storing(customerId))
    await expect(charge).rejects.toThrow(GatewayUnavailable)
    await recoverLater()
    const [method] = await methodsOf(customerId)
    expect(await paymentsOf(customerId)).toMatchObject([
      { status: 'SUBMITTED_FOR_SETTLEMENT', paymentMethodId: method?.id },
    ])
    expect(await openAttemptsOf(customerId)).toBe(0)
  })

  it('forgets it at the gateway when the gateway never heard of the payment', async () => {
    const customerId = await newCustomer()
    const tokens: string[] = []
    const gateway = failing(({ token }) => Promise.resolve(tokens.push(token)))
    const charge = domain.as({ gateway }).payments.charge(admin, await storing(customerId))
    await expect(charge).rejects.toThrow(GatewayUnavailable)
    await recoverLater()
    expect(await paymentsOf(customerId)).toMatchObject([{ status: 'FAILED', paymentMethodId: null }])
    expect(await methodsOf(customerId)).toEqual([])
    expect(await openAttemptsOf(customerId)).toBe(0)
    expect(await domain.deps.gateway.lookUpToken(tokens[0] ?? '')).toBeNull()
  })
})

describe('an approval that comes after the attempt was given up', () => {
  it('changes nothing, and is in the audit for a person to look into', async () => {
    const payer = callerAs(['ADMIN'])
    const { gateway } = domain.deps
    // Recovery runs while the call sleeps on its way: the gateway has not received it then.
    const authorise = async (request: AuthoriseRequest) => {
      await recoverLater()
      return gateway.authorise(request)
    }
    const slow = domain.as({ gateway: { ...gateway, authorise } })
    const payment = await slow.payments.charge(payer, await paymentOf(domain, '5'))
    expect(payment).toMatchObject({ status: 'FAILED', capturedMinor: 0n })
    const events = await domain.deps.database.auditEvent.findMany({
      where: { actorId: payer.principal.id, kind: 'MONEY_MOVED' },
    })
    expect(events.map(({ outcome }) => outcome)).toEqual(['LATE'])
  })
})

describe('a process that slept after it wrote an attempt', () => {
  it('does not send it any more', async () => {
    const before = await domain.sandbox.moves()
    const { audit } = domain.deps
    let sleptMs = 0
    const recordIn: typeof audit.recordIn = async (...parameters) => {
      await audit.recordIn(...parameters)
      // The intention is the last that is written before the call.
      sleptMs = 30_000
    }
    const now = () => new Date(Date.now() + sleptMs)
    const asleep = domain.as({ now, audit: { ...audit, recordIn } })
    const charge = asleep.payments.charge(admin, await paymentOf(domain, '5'))
    await expect(charge).rejects.toMatchObject({ code: 'GATEWAY_UNAVAILABLE' })
    expect((await domain.sandbox.moves()) - before).toBe(0)
    await recoverLater()
  })
})

describe('a repeat with the same key', () => {
  it('that races with recovery ends as one charge or as a failed one, and never as both', async () => {
    const input = await paymentOf(domain, '5', { idempotencyKey: uniqueText('key') })
    const longAgo = () => new Date(Date.now() - 10 * 60_000)
    const cut = domain.as({ gateway: failing(() => Promise.resolve()), now: longAgo })
    await expect(cut.payments.charge(admin, input)).rejects.toThrow(GatewayUnavailable)
    const before = await domain.sandbox.moves()
    const recovering = recover({ ...domain.deps, report })
    const [payment] = await Promise.all([domain.payments.charge(admin, input), recovering])
    const moves = (await domain.sandbox.moves()) - before
    expect([
      ['SUBMITTED_FOR_SETTLEMENT', 1],
      ['FAILED', 0],
    ]).toContainEqual([payment.status, moves])
  })
})

describe('the recovery loop', () => {
  it('works until it is stopped, and lives through a fault', async () => {
    const customerId = await newCustomer()
    const singleUseToken = await domain.sandbox.token()
    const method = await domain.methods.vault(admin, { singleUseToken, customerId })
    const deletePaymentMethod = () => Promise.reject(new GatewayUnavailable())
    const cut = domain.as({ gateway: { ...domain.deps.gateway, deletePaymentMethod } })
    await cut.methods.delete(admin, method.id)
    const faults: unknown[] = []
    let readings = 0
    const now = () => {
      readings += 1
      if (readings === 1) throw new Error('a fault')
      return new Date()
    }
    const loop = startRecovery({ ...domain.deps, now, report: (error) => faults.push(error) }, 10)
    const isKept = async () =>
      (await domain.deps.database.customerGatewayToken.count({ where: { id: method.id } })) === 1
    while (await isKept()) await sleep(20)
    await loop.stop()
    const after = readings
    await sleep(100)
    expect(readings).toBe(after)
    expect(faults).toEqual([new Error('a fault')])
  })
})

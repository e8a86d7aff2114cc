import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createAudit } from '../../src/domain/audit.ts'
import type { PaymentDeps } from '../../src/domain/move-money.ts'
import { recover } from '../../src/domain/recovery.ts'
import { GatewayUnavailable } from '../../src/errors.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { callerAs, openTestDomain, paymentOf, uniqueText, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
const admin = callerAs(['ADMIN'])

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

class Killed extends Error {}

/** A process that dies as soon as the gateway has done what `method` asks, before it can write that down. */
function dyingAfter(method: 'authorise' | 'capture' | 'void' | 'refund' | 'vault') {
  const { gateway } = domain.deps
  const dying = async (...parameters: never[]) => {
    await (gateway[method] as (...given: never[]) => Promise<unknown>)(...parameters)
    throw new Killed()
  }
  return domain.as({ gateway: { ...gateway, [method]: dying } })
}

/** A gateway that cannot be reached at all. */
function unreachable(): Gateway {
  const fail = () => Promise.reject(new GatewayUnavailable())
  const { gateway } = domain.deps
  return { ...gateway, authorise: fail, capture: fail, refund: fail, void: fail, findByIdempotencyKey: fail }
}

const report = (error: unknown) => {
  throw error
}

/** A round of recovery, as it runs when every attempt that is open now has been abandoned. */
const recoverLater = (minutes = 10, replaced: Partial<PaymentDeps> = {}) =>
  recover({
    ...domain.deps,
    ...replaced,
    report,
    now: () => new Date(Date.now() + minutes * 60_000),
  })

const only = async (createdBy: string) =>
  domain.deps.database.transaction.findFirstOrThrow({ where: { createdBy } })

describe('a process that dies between the gateway and the database', () => {
  it('leaves a charge that recovery finds made', async () => {
    const payer = callerAs(['ADMIN'])
    const input = await paymentOf(domain, '7')
    await expect(dyingAfter('authorise').payments.charge(payer, input)).rejects.toThrow(Killed)
    expect(await only(payer.principal.id)).toMatchObject({ status: 'AUTHORIZING', capturedMinor: 0n })
    await recoverLater()
    expect(await only(payer.principal.id)).toMatchObject({
      status: 'SUBMITTED_FOR_SETTLEMENT',
      capturedMinor: 700n,
    })
  })

  it('leaves captures, voids and refunds that recovery finds made', async () => {
    const authorised = await domain.payments.authorise(admin, await paymentOf(domain, '7'))
    const part = { transactionId: authorised.id, amount: '3', idempotencyKey: null }
    await expect(dyingAfter('capture').payments.capture(admin, part)).rejects.toThrow(Killed)
    await recoverLater()
    expect(await domain.queries.transaction(admin, authorised.id)).toMatchObject({
      status: 'SUBMITTED_FOR_SETTLEMENT',
      capturedMinor: 300n,
    })
    await expect(dyingAfter('refund').payments.refund(admin, part)).rejects.toThrow(Killed)
    await recoverLater()
    const [[refund] = []] = await domain.queries.refundsOf(admin, [authorised.id])
    expect(refund).toMatchObject({ status: 'SUBMITTED_FOR_SETTLEMENT', amountMinor: 300n })
    const other = await domain.payments.authorise(admin, await paymentOf(domain, '7'))
    const whole = { transactionId: other.id, idempotencyKey: null }
    await expect(dyingAfter('void').payments.reverse(admin, whole)).rejects.toThrow(Killed)
    await recoverLater()
    expect(await domain.queries.transaction(admin, other.id)).toMatchObject({ status: 'VOIDED' })
  })

  it('is made good by a repeat with the same key, which moves nothing twice', async () => {
    const input = await paymentOf(domain, '7', { idempotencyKey: uniqueText('key') })
    const before = await domain.sandbox.moves()
    await expect(dyingAfter('authorise').payments.charge(admin, input)).rejects.toThrow(Killed)
    const repeated = await domain.payments.charge(admin, input)
    expect(repeated).toMatchObject({ status: 'SUBMITTED_FOR_SETTLEMENT', capturedMinor: 700n })
    expect((await domain.sandbox.moves()) - before).toBe(1)
  })

  it('leaves a stored method that recovery finds stored', async () => {
    const customer = await domain.customers.create(admin, { company: 'Blue Kite Ltd' })
    const input = { singleUseToken: await domain.sandbox.token(), customerId: customer.id }
    await expect(dyingAfter('vault').methods.vault(admin, input)).rejects.toThrow(Killed)
    await recoverLater()
    const page = await domain.methods.ofCustomer(admin, customer.id, { limit: 10, after: null })
    expect(page.rows).toHaveLength(1)
  })
})

describe('a gateway that does not answer', () => {
  it('but charged, is asked what became of it', async () => {
    const input = await paymentOf(domain, '7')
    const { gateway } = domain.deps
    const losing = async (request: Parameters<Gateway['authorise']>[0]) => {
      await gateway.authorise(request)
      throw new GatewayUnavailable()
    }
    const payment = await domain
      .as({ gateway: { ...gateway, authorise: losing } })
      .payments.charge(admin, input)
    expect(payment).toMatchObject({ status: 'SUBMITTED_FOR_SETTLEMENT', capturedMinor: 700n })
  })

  it('in time but charged, as its test card does, charges once for the same key', async () => {
    const idempotencyKey = uniqueText('key')
    const input = await paymentOf(domain, '7', { card: 'timeout-after-charging', idempotencyKey })
    const before = await domain.sandbox.moves()
    const impatient = domain.as({ gateway: domain.sandbox.connect(500) })
    const payment = await impatient.payments.charge(admin, input)
    expect(payment).toMatchObject({ status: 'SUBMITTED_FOR_SETTLEMENT', capturedMinor: 700n })
    expect(await domain.payments.charge(admin, input)).toMatchObject({ id: payment.id })
    expect((await domain.sandbox.moves()) - before).toBe(1)
  })

  it('and cannot be asked, leaves the payment open for a repeat with the same key', async () => {
    const input = await paymentOf(domain, '7', { idempotencyKey: uniqueText('key') })
    const cut = domain.as({ gateway: unreachable() })
    await expect(cut.payments.charge(admin, input)).rejects.toMatchObject({
      code: 'GATEWAY_UNAVAILABLE',
      retryable: true,
    })
    const before = await domain.sandbox.moves()
    expect(await domain.payments.charge(admin, input)).toMatchObject({ capturedMinor: 700n })
    expect((await domain.sandbox.moves()) - before).toBe(1)
  })

  it('and never received the call, has failed it once recovery asks, and the reservation is released', async () => {
    const payer = callerAs(['ADMIN'])
    const input = await paymentOf(domain, '7', { idempotencyKey: uniqueText('key') })
    const cut = domain.as({ gateway: unreachable() })
    await expect(cut.payments.charge(payer, input)).rejects.toMatchObject({ code: 'GATEWAY_UNAVAILABLE' })
    const { id } = await domain.payments.charge(admin, await paymentOf(domain, '5'))
    const refund = { transactionId: id, idempotencyKey: null }
    await expect(cut.payments.refund(admin, refund)).rejects.toMatchObject({ code: 'GATEWAY_UNAVAILABLE' })
    expect(await domain.queries.transaction(admin, id)).toMatchObject({ refundedMinor: 500n })
    await recoverLater()
    expect(await only(payer.principal.id)).toMatchObject({ status: 'FAILED' })
    expect(await domain.queries.transaction(admin, id)).toMatchObject({ refundedMinor: 0n })
    const [[failed] = []] = await domain.queries.refundsOf(admin, [id])
    expect(failed).toMatchObject({ status: 'FAILED' })
    // The key's holder learns how it ended, and the gateway is not asked again.
    expect(await domain.payments.charge(payer, input)).toMatchObject({ status: 'FAILED' })
  })

  it('is not given up on while the call may still be under way', async () => {
    const payer = callerAs(['ADMIN'])
    const cut = domain.as({ gateway: unreachable() })
    await expect(cut.payments.charge(payer, await paymentOf(domain, '7'))).rejects.toThrow(GatewayUnavailable)
    await recoverLater(0)
    expect(await only(payer.principal.id)).toMatchObject({ status: 'AUTHORIZING' })
    await recoverLater()
  })
})

describe('an audit that cannot be written', () => {
  /** A database in which no audit event can be stored. */
  function deafAudit() {
    const { audit } = domain.deps
    const failing = { auditEvent: { create: () => Promise.reject(new Error('the disk is full')) } }
    const deaf = createAudit({
      ...domain.deps,
      database: failing as unknown as PaymentDeps['database'],
      deadlineMs: 1000,
    })
    return domain.as({ audit: { ...audit, recordIn: (_, actor, entry) => deaf.record(actor, entry) } })
  }

  it('moves no money, and the gateway hears of none', async () => {
    const payer = callerAs(['ADMIN'])
    const input = await paymentOf(domain, '7')
    const before = await domain.sandbox.moves()
    await expect(deafAudit().payments.charge(payer, input)).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      message: expect.not.stringContaining('disk'),
    })
    expect((await domain.sandbox.moves()) - before).toBe(0)
    expect(await domain.deps.database.transaction.count({ where: { createdBy: payer.principal.id } })).toBe(0)
    // The token was not used up by the payment that was not made.
    expect(await domain.payments.charge(payer, input)).toMatchObject({ status: 'SUBMITTED_FOR_SETTLEMENT' })
  })

  it('changes no customer and stores no method', async () => {
    const customer = await domain.customers.create(admin, { company: 'Blue Kite Ltd' })
    const fault = { code: 'INTERNAL_SERVER_ERROR' }
    const deaf = deafAudit()
    await expect(deaf.customers.update(admin, customer.id, { company: 'Other' })).rejects.toMatchObject(fault)
    await expect(deaf.customers.delete(admin, customer.id)).rejects.toMatchObject(fault)
    expect(await domain.customers.get(admin, customer.id)).toMatchObject({ company: 'Blue Kite Ltd' })
  })
})

describe('recovery in several processes at once', () => {
  it('settles each attempt once', async () => {
    const payer = callerAs(['ADMIN'])
    const dying = dyingAfter('authorise')
    for (let count = 0; count < 5; count += 1) {
      await expect(dying.payments.charge(payer, await paymentOf(domain, '7'))).rejects.toThrow(Killed)
    }
    await Promise.all([recoverLater(), recoverLater(), recoverLater()])
    const rows = await domain.deps.database.transaction.findMany({
      where: { createdBy: payer.principal.id },
      include: { events: true },
    })
    expect(rows.map(({ status, events }) => [status, events.length])).toEqual(
      Array.from({ length: 5 }, () => ['SUBMITTED_FOR_SETTLEMENT', 2]),
    )
  })
})

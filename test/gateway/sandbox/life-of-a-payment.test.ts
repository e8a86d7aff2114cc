import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startSandbox } from '../../../src/gateway/sandbox/server.ts'
import { DAY_SECONDS, startTestSandbox, usd, type RunningTestSandbox } from '../running-sandbox.ts'

let sandbox: RunningTestSandbox
beforeAll(async () => {
  sandbox = await startTestSandbox()
})
afterAll(() => sandbox.close())

const stateOf = async (reference: string, of = sandbox) => (await of.get(`/states/${reference}`)).body.state
const paid = async (minor = 1000, capture = true, of = sandbox) =>
  (await of.pay(minor, { capture })).body.reference ?? ''
const step = (reference: string, name: string, minor: number) =>
  sandbox.move(`/payments/${reference}/${name}`, { amount: usd(minor) })

describe('the test cards', () => {
  it.each([
    ['visa', 'APPROVED', '1000'],
    ['american-express', 'APPROVED', '1000'],
    ['declined', 'DECLINED', '2000'],
    ['insufficient-funds', 'DECLINED', '2001'],
    ['lost', 'DECLINED', '2012'],
    ['stolen', 'DECLINED', '2013'],
    ['expired', 'DECLINED', '2004'],
    ['incorrect-cvc', 'DECLINED', '2010'],
    ['processing-error', 'DECLINED', '3000'],
    ['stores-then-declines', 'DECLINED', '2000'],
    ['fraud', 'REJECTED', 'fraud'],
  ])('%s is %s (%s)', async (cardId, result, responseCode) => {
    expect((await sandbox.pay(100, { cardId })).body).toMatchObject({ result, responseCode })
  })

  it('can be stored, and then decline', async () => {
    const token = await sandbox.token('stores-then-declines')
    const { method } = (await sandbox.move('/payment-methods', { token, customerReference: 'c' })).body
    const charge = { token: method?.token, amount: usd(100), capture: true }
    expect((await sandbox.move('/payments', charge)).body.result).toBe('DECLINED')
  })

  it('can make the gateway fail, with nothing charged', async () => {
    const answer = await sandbox.pay(100, { cardId: 'gateway-fault', key: 'fails' })
    expect([answer.status, answer.body.error?.code]).toEqual([500, 'gateway_fault'])
    expect((await sandbox.get('/answers/fails')).status).toBe(404)
  })
})

describe('settlement', () => {
  it('comes after a day, and an authorisation lapses after a week', async () => {
    const own = await startTestSandbox()
    const charged = await paid(1000, true, own)
    const authorised = await paid(1000, false, own)
    await own.post('/test/advance', { seconds: DAY_SECONDS - 60 })
    expect(await stateOf(charged, own)).toBe('SUBMITTED_FOR_SETTLEMENT')
    await own.post('/test/advance', { seconds: 60 })
    expect(await stateOf(charged, own)).toBe('SETTLED')
    expect(await stateOf(authorised, own)).toBe('AUTHORIZED')
    await own.post('/test/advance', { seconds: 6 * DAY_SECONDS })
    expect(await stateOf(authorised, own)).toBe('AUTHORIZATION_EXPIRED')
    const late = await own.move(`/payments/${authorised}/captures`, { amount: usd(1) })
    expect(late.body.responseCode).toBe('invalid_state')
    await own.close()
  })

  it('can be made to come, in steps or at once, and to be declined', async () => {
    const reference = await paid()
    for (const state of ['SETTLING', 'SETTLEMENT_PENDING', 'SETTLEMENT_CONFIRMED', 'SETTLED']) {
      expect((await sandbox.post('/test/settle', { reference, state })).status).toBe(200)
      expect(await stateOf(reference)).toBe(state)
    }
    expect((await sandbox.post('/test/settle', { reference })).status).toBe(409)
    const declined = await paid()
    await sandbox.post('/test/decline-settlement', { reference: declined })
    expect(await stateOf(declined)).toBe('SETTLEMENT_DECLINED')
    expect((await step(declined, 'refunds', 1)).body.result).toBe('REJECTED')
  })

  it('of everything at once says how much that was', async () => {
    const own = await startTestSandbox()
    const references = [await paid(1, true, own), await paid(2, true, own), await paid(3, false, own)]
    expect((await own.post('/test/settle', {})).body.settled).toBe(2)
    expect(await Promise.all(references.map((one) => stateOf(one, own)))).toEqual([
      'SETTLED',
      'SETTLED',
      'AUTHORIZED',
    ])
    await own.close()
  })

  it('of a refund, when it is declined, gives its amount back to what may be refunded', async () => {
    const reference = await paid(1000)
    const refund = (await step(reference, 'refunds', 1000)).body.reference ?? ''
    expect((await step(reference, 'refunds', 1)).body.responseCode).toBe('over_refund')
    await sandbox.post('/test/decline-settlement', { reference: refund })
    expect((await step(reference, 'refunds', 1000)).body.result).toBe('APPROVED')
  })

  it('leaves nothing to void, and a part that was refunded neither', async () => {
    const settled = await paid()
    await sandbox.post('/test/settle', { reference: settled })
    expect((await sandbox.move(`/payments/${settled}/void`, {})).body.responseCode).toBe('invalid_state')
    const refunded = await paid()
    await step(refunded, 'refunds', 1)
    expect((await sandbox.move(`/payments/${refunded}/void`, {})).body.responseCode).toBe('invalid_state')
  })

  it('never comes to an authorisation that was made to expire', async () => {
    const reference = await paid(1000, false)
    await sandbox.post('/test/expire', { reference })
    expect(await stateOf(reference)).toBe('AUTHORIZATION_EXPIRED')
    expect((await sandbox.post('/test/settle', { reference })).status).toBe(409)
    expect((await sandbox.post('/test/expire', { reference: 'pay_none' })).status).toBe(404)
  })
})

describe('planned faults', () => {
  it('meet the next requests of their kind, and no others', async () => {
    await sandbox.post('/test/faults', { kind: 'ERROR', count: 2, route: 'POST /payments' })
    expect(await stateOf('pay_none')).toBeUndefined()
    const statuses = [await sandbox.pay(1), await sandbox.pay(1), await sandbox.pay(1)].map(
      ({ status }) => status,
    )
    expect(statuses).toEqual([500, 500, 200])
  })

  it('may lose the answer of what was carried out', async () => {
    await sandbox.post('/test/faults', { kind: 'DROP', when: 'AFTER', count: 1, route: 'POST /payments' })
    await expect(sandbox.pay(1, { key: 'dropped' })).rejects.toThrow()
    expect((await sandbox.get('/answers/dropped')).body.result).toBe('APPROVED')
  })

  it('may be slowness, within which nothing has happened yet', async () => {
    await sandbox.post('/test/faults', { kind: 'SLOW', delayMs: 300, count: 1, route: 'POST /payments' })
    const slow = sandbox.pay(1, { key: 'slow' })
    expect((await sandbox.get('/answers/slow')).status).toBe(404)
    expect((await slow).body.result).toBe('APPROVED')
  })
})

describe('the log', () => {
  it('tells route, key and outcome of every request, and holds no token or reference', async () => {
    const own = await startTestSandbox()
    const token = await own.token()
    const charge = { token, amount: usd(100), capture: true, orderId: 'order-7' }
    const { reference = '' } = (await own.move('/payments', charge, 'k1')).body
    await own.move('/payments', charge, 'k1')
    await own.move(`/payments/${reference}/refunds`, { amount: usd(500) }, 'k2')
    const log = await own.get('/log')
    const told = (log.body.requests ?? []).map(
      ({ path, idempotencyKey, outcome, replayed }) =>
        `${path} ${idempotencyKey ?? '-'} ${outcome} ${replayed}`,
    )
    expect(told).toEqual([
      '/payments k1 APPROVED false',
      '/payments k1 APPROVED true',
      '/payments/:reference/refunds k2 REJECTED false',
    ])
    expect(log.text).not.toMatch(new RegExp(`${token}|${reference}|order-7`))
    await own.close()
  })
})

describe('the service', () => {
  it('is healthy without a key', async () => {
    expect((await sandbox.get('/health', {})).status).toBe(200)
  })

  it('says so when its port is taken', async () => {
    const port = Number(new URL(sandbox.url).port)
    const options = { host: '127.0.0.1', port, storeFile: null, secretKey: 'x'.repeat(16) }
    await expect(startSandbox(options)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('closes while an answer is withheld', async () => {
    const own = await startTestSandbox()
    const pending = own.pay(1, { cardId: 'timeout-after-charging' }).catch(() => 'cut')
    while ((await own.get('/log')).body.requests?.at(-1)?.outcome !== 'NO_ANSWER') continue
    await own.close()
    expect(await pending).toBe('cut')
  })
})

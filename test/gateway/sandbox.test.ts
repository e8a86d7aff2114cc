import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { GatewayUnavailable } from '../../src/errors.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { createSandboxGateway } from '../../src/gateway/sandbox.ts'
import { describeGateway, type ContractCard } from './contract.ts'
import { startTestSandbox, type RunningTestSandbox } from './running-sandbox.ts'

const CARDS: Readonly<Record<ContractCard, string>> = {
  approved: 'visa',
  'soft decline': 'insufficient-funds',
  'hard decline': 'stolen',
  rejected: 'fraud',
}

describeGateway('the sandbox', async () => {
  const sandbox = await startTestSandbox()
  const { url, secretKey } = sandbox
  return {
    gateway: createSandboxGateway({ url, secretKey, timeoutMs: 10_000 }),
    token: (card) => sandbox.token(CARDS[card]),
    close: () => sandbox.close(),
  }
})

let sandbox: RunningTestSandbox
let gateway: Gateway

beforeAll(async () => {
  sandbox = await startTestSandbox()
  gateway = open()
})
afterAll(() => sandbox.close())

const open = (timeoutMs = 5_000) => {
  const { url, secretKey } = sandbox
  return createSandboxGateway({ url, secretKey, timeoutMs })
}
const request = (token: string) => ({
  idempotencyKey: randomUUID(),
  token,
  amount: { minor: 500n, currencyCode: 'USD' },
  capture: true,
  orderId: null,
})
const faultOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

/** A server that answers everything alike. */
async function answering(status: number, body: string) {
  const server = createServer((incoming, response) => {
    incoming.resume()
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) }
}

describe('when no answer comes', () => {
  it('a charge that was made is unknown at first, and found by its key', async () => {
    const charge = request(await sandbox.token('timeout-after-charging'))
    await expect(open(300).authorise(charge)).rejects.toBeInstanceOf(GatewayUnavailable)
    expect(await gateway.findByIdempotencyKey(charge.idempotencyKey)).toMatchObject({ result: 'APPROVED' })
    expect(await gateway.authorise(charge)).toMatchObject({ result: 'APPROVED' })
  })

  it('a charge that was not made leaves no trace', async () => {
    const charge = request(await sandbox.token('timeout-before-charging'))
    await expect(open(300).authorise(charge)).rejects.toBeInstanceOf(GatewayUnavailable)
    expect(await gateway.findByIdempotencyKey(charge.idempotencyKey)).toBeNull()
    expect(await gateway.lookUpToken(charge.token)).not.toBeNull()
  })

  it('a lost connection is tried once more with the same key, and money moves once', async () => {
    const charge = request(await sandbox.token())
    await sandbox.post('/test/faults', { kind: 'DROP', when: 'AFTER', count: 1, route: 'POST /payments' })
    const outcome = await gateway.authorise(charge)
    expect(outcome).toMatchObject({ result: 'APPROVED' })
    const { requests = [] } = (await sandbox.get('/log')).body
    const own = requests.filter(({ idempotencyKey }) => idempotencyKey === charge.idempotencyKey)
    expect(own.map(({ outcome, replayed }) => [outcome, replayed])).toEqual([
      ['DROPPED', false],
      ['APPROVED', true],
    ])
  })

  it('two lost connections are enough', async () => {
    const charge = request(await sandbox.token())
    await sandbox.post('/test/faults', { kind: 'DROP', count: 2, route: 'POST /payments' })
    await expect(gateway.authorise(charge)).rejects.toMatchObject({
      code: 'GATEWAY_UNAVAILABLE',
      retryable: true,
    })
    expect(await gateway.findByIdempotencyKey(charge.idempotencyKey)).toBeNull()
  })

  it('an error of the gateway is not tried again', async () => {
    const charge = request(await sandbox.token())
    await sandbox.post('/test/faults', { kind: 'ERROR', count: 1, route: 'POST /payments' })
    await expect(gateway.authorise(charge)).rejects.toBeInstanceOf(GatewayUnavailable)
    expect(await gateway.authorise(charge)).toMatchObject({ result: 'APPROVED' })
  })

  it('a gateway that is not there is unavailable, for every method', async () => {
    const gone = createSandboxGateway({
      url: 'http://127.0.0.1:9',
      secretKey: 'x'.repeat(16),
      timeoutMs: 1000,
    })
    const follow = { idempotencyKey: 'k', reference: 'r', amount: { minor: 1n, currencyCode: 'USD' } }
    const faults = await Promise.all(
      [
        gone.ping(),
        gone.createClientToken({ customerReference: null, domains: [] }),
        gone.lookUpToken('t'),
        gone.authorise(request('t')),
        gone.capture(follow),
        gone.refund(follow),
        gone.void(follow),
        gone.vault({ idempotencyKey: 'k', token: 't', customerReference: 'c' }),
        gone.deletePaymentMethod('t'),
        gone.findByIdempotencyKey('k'),
        gone.findState('r'),
      ].map(faultOf),
    )
    expect(faults.filter((fault) => !(fault instanceof GatewayUnavailable))).toEqual([])
  })
})

describe('an answer that is not the sandbox’s', () => {
  it.each([
    ['an HTML page', 200, '<html>'],
    ['another shape', 200, '{"result":"APPROVED"}'],
    [
      'an unknown result',
      200,
      '{"result":"MAYBE","reference":"r","responseCode":"","responseMessage":"","declineType":null}',
    ],
    ['null', 200, 'null'],
    ['a proxy’s "not found"', 404, '{"error":"nothing here"}'],
    ['a redirect', 302, '{}'],
    ['a refusal of the key', 401, '{"error":{"code":"unauthenticated","message":""}}'],
  ])('%s: the outcome is unknown', async (_, status, body) => {
    const other = await answering(status, body)
    const there = createSandboxGateway({ url: other.url, secretKey: 'x'.repeat(16), timeoutMs: 1000 })
    await expect(there.authorise(request('t'))).rejects.toBeInstanceOf(GatewayUnavailable)
    await expect(there.lookUpToken('t')).rejects.toBeInstanceOf(GatewayUnavailable)
    await other.close()
  })

  it('a number where four digits belong does not come in', async () => {
    const card = {
      brandCode: 'VISA',
      last4: '4242424242424242',
      bin: '424242',
      expirationMonth: 1,
      expirationYear: 2040,
    }
    const rest = { uniqueNumberIdentifier: 'f', cardholderName: null, billingAddress: null }
    const other = await answering(200, JSON.stringify({ card: { ...card, ...rest } }))
    const there = createSandboxGateway({ url: other.url, secretKey: 'x'.repeat(16), timeoutMs: 1000 })
    await expect(there.lookUpToken('t')).rejects.toBeInstanceOf(GatewayUnavailable)
    await other.close()
  })
})

describe('secrets', () => {
  it('are in no error: neither the key nor the token, however it fails', async () => {
    const { url } = sandbox
    const secretKey = `wrong-${randomUUID()}`
    const faults = [
      await faultOf(createSandboxGateway({ url, secretKey, timeoutMs: 1000 }).lookUpToken('tok_secret')),
      await faultOf(
        createSandboxGateway({ url: 'http://127.0.0.1:9', secretKey, timeoutMs: 1000 }).lookUpToken(
          'tok_secret',
        ),
      ),
      await faultOf(open(1).authorise(request('tok_secret'))),
    ]
    for (const fault of faults) {
      expect(fault).toBeInstanceOf(GatewayUnavailable)
      expect(inspect(fault, { depth: 10, showHidden: true })).not.toMatch(
        new RegExp(`${secretKey}|tok_secret`),
      )
    }
  })

  it('that cannot be sent are refused without being repeated', () => {
    const create = () => createSandboxGateway({ url: sandbox.url, secretKey: 'se\ncret', timeoutMs: 1 })
    expect(create).toThrow(TypeError)
    expect(create).not.toThrow(/se\ncret/)
  })
})

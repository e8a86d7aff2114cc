import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SHOP, card, startTestSandbox, usd, type RunningTestSandbox } from '../running-sandbox.ts'

let sandbox: RunningTestSandbox
beforeAll(async () => {
  sandbox = await startTestSandbox()
})
afterAll(() => sandbox.close())

const codeOf = async (answer: Promise<{ body: { error?: { code: string } } }>) =>
  (await answer).body.error?.code

describe('without the secret key', () => {
  const PATHS = [
    ['POST', '/payments'],
    ['POST', '/payments/pay_1/captures'],
    ['POST', '/payments/pay_1/refunds'],
    ['POST', '/payments/pay_1/void'],
    ['POST', '/payment-methods'],
    ['POST', '/payment-methods/look-up'],
    ['POST', '/payment-methods/delete'],
    ['GET', '/answers/k'],
    ['GET', '/states/pay_1'],
    ['GET', '/log'],
    ['POST', '/client-tokens'],
    ['POST', '/test/tokens'],
    ['POST', '/test/settle'],
    ['POST', '/test/decline-settlement'],
    ['POST', '/test/expire'],
    ['POST', '/test/faults'],
    ['POST', '/test/advance'],
  ] as const

  it.each(PATHS)('%s %s is refused, whatever is sent in its place', async (method, path) => {
    const { url, secretKey } = sandbox
    const keys = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: `Bearer ${secretKey.slice(0, -1)}` },
      { authorization: `Bearer ${secretKey}x` },
      { authorization: `Basic ${secretKey}` },
      { authorization: `Bearer ${await sandbox.clientToken()}` },
    ]
    for (const headers of keys) {
      const answer = await sandbox.send(`${url}${path}`, method, method === 'POST' ? {} : undefined, headers)
      expect([answer.status, answer.body.error?.code]).toEqual([401, 'unauthenticated'])
      expect(answer.text).not.toContain(secretKey)
    }
  })
})

describe('a client token', () => {
  it('of which one character is altered makes no token', async () => {
    const genuine = await sandbox.clientToken()
    for (let index = 3; index < genuine.length; index += 7) {
      const other = genuine[index] === 'A' ? 'B' : 'A'
      const altered = genuine.slice(0, index) + other + genuine.slice(index + 1)
      expect(await codeOf(sandbox.tokenise(card(), {}, altered))).toBe('invalid_client_token')
    }
  })

  it('that is made up, of another sandbox, or the secret key itself makes none', async () => {
    const other = await startTestSandbox()
    const payload = Buffer.from(JSON.stringify({ domains: [SHOP], expiresAt: 9e15 })).toString('base64url')
    const forged = [
      await other.clientToken(),
      `ct_${payload}.${'A'.repeat(43)}`,
      `ct_${payload}.`,
      'ct_.',
      sandbox.secretKey,
    ]
    await other.close()
    for (const token of forged) {
      expect(await codeOf(sandbox.tokenise(card(), {}, token))).toBe('invalid_client_token')
    }
  })

  it('is good for an hour', async () => {
    let now = Date.now()
    const own = await startTestSandbox({ now: () => now })
    const token = await own.clientToken()
    expect((await own.tokenise(card(), {}, token)).status).toBe(201)
    now += 3_600_000
    expect(await codeOf(own.tokenise(card(), {}, token))).toBe('invalid_client_token')
    await own.close()
  })

  it('serves a browser’s page of the origins that it names, and no other', async () => {
    const allowed = await sandbox.tokenise(card(), { origin: SHOP })
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([201, SHOP])
    for (const origin of [
      'https://evil.example',
      'https://shop.example.evil.example',
      'http://shop.example',
      'null',
    ]) {
      const refused = await sandbox.tokenise(card(), { origin })
      expect(refused.body.error?.code).toBe('origin_not_allowed')
      expect(refused.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('names origins, not patterns, paths or opaque origins', async () => {
    for (const domain of [
      '*',
      'shop.example',
      `${SHOP}/`,
      `${SHOP}/pay`,
      'https://*.example',
      'null',
      'file:///',
      'https://a.example; script-src *',
    ]) {
      expect(await codeOf(sandbox.post('/client-tokens', { domains: [domain] }))).toBe('invalid_request')
    }
  })
})

describe('money', () => {
  const follow = async (reference: string, step: string, minor: number, currencyCode = 'USD') =>
    (await sandbox.move(`/payments/${reference}/${step}`, { amount: { minor: String(minor), currencyCode } }))
      .body.responseCode

  it('is not captured beyond what was authorised, nor in another currency, nor twice by parallel requests', async () => {
    const { reference = '' } = (await sandbox.pay(1000, { capture: false })).body
    expect(await follow(reference, 'captures', 1001)).toBe('over_capture')
    expect(await follow(reference, 'captures', 10, 'EUR')).toBe('currency_mismatch')
    const codes = await Promise.all(Array.from({ length: 50 }, () => follow(reference, 'captures', 300)))
    expect(codes.filter((code) => code === '1000')).toHaveLength(3)
  })

  it('is not refunded beyond what was captured, nor before it was', async () => {
    const { reference = '' } = (await sandbox.pay(1000, { capture: false })).body
    expect(await follow(reference, 'refunds', 1)).toBe('over_refund')
    expect(await follow(reference, 'captures', 600)).toBe('1000')
    expect(await follow(reference, 'refunds', 601)).toBe('over_refund')
    const codes = await Promise.all(Array.from({ length: 50 }, () => follow(reference, 'refunds', 200)))
    expect(codes.filter((code) => code === '1000')).toHaveLength(3)
  })

  it.each([0, -1, '1.5', '01', '', '9'.repeat(19), null, '1e3'])('is no amount of %p', async (minor) => {
    const body = { token: await sandbox.token(), amount: { minor, currencyCode: 'USD' }, capture: true }
    expect((await sandbox.move('/payments', body)).status).toBe(400)
  })
})

describe('an idempotency key', () => {
  it('sent fifty times at once charges once, and everybody hears the same', async () => {
    const body = { token: await sandbox.token(), amount: usd(700), capture: true, orderId: null }
    const key = `same-${body.token}`
    const answers = await Promise.all(Array.from({ length: 50 }, () => sandbox.move('/payments', body, key)))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(49)
  })

  it('with another body, or on another path, is refused', async () => {
    const body = { token: await sandbox.token(), amount: usd(700), capture: true, orderId: null }
    const key = `other-${body.token}`
    const { reference = '' } = (await sandbox.move('/payments', body, key)).body
    expect((await sandbox.move('/payments', { ...body, amount: usd(701) }, key)).status).toBe(409)
    expect((await sandbox.move(`/payments/${reference}/void`, {}, key)).status).toBe(409)
  })

  it('is demanded where something changes', async () => {
    expect(await codeOf(sandbox.post('/payments', {}))).toBe('idempotency_key_required')
  })

  it('does not keep a request that was refused as malformed from being sent again', async () => {
    const body = { token: await sandbox.token(), amount: usd(700), capture: true }
    const key = `malformed-${body.token}`
    expect((await sandbox.move('/payments', { ...body, extra: 1 }, key)).status).toBe(400)
    expect((await sandbox.move('/payments', body, key)).body.result).toBe('APPROVED')
  })
})

describe('a single-use token', () => {
  it('used fifty times at once, each with its own key, pays once', async () => {
    const body = { token: await sandbox.token(), amount: usd(100), capture: true, orderId: null }
    const answers = await Promise.all(Array.from({ length: 50 }, () => sandbox.move('/payments', body)))
    expect(answers.filter(({ body: { result } }) => result === 'APPROVED')).toHaveLength(1)
    expect(answers.filter(({ body: { responseCode } }) => responseCode === 'token_spent')).toHaveLength(49)
  })

  it('is spent by a decline and by being stored', async () => {
    const declined = await sandbox.token('declined')
    const pay = { amount: usd(100), capture: true }
    expect((await sandbox.move('/payments', { ...pay, token: declined })).body.result).toBe('DECLINED')
    expect((await sandbox.move('/payments', { ...pay, token: declined })).body.responseCode).toBe(
      'token_spent',
    )
    const stored = await sandbox.token()
    const { method } = (await sandbox.move('/payment-methods', { token: stored, customerReference: 'c' }))
      .body
    expect((await sandbox.move('/payments', { ...pay, token: stored })).body.responseCode).toBe('token_spent')
    const again = { token: method?.token, customerReference: 'c' }
    expect((await sandbox.move('/payment-methods', again)).body.method).toBeNull()
  })
})

describe('what is malformed', () => {
  it.each<[string, string, Record<string, string>, number]>([
    ['no JSON', '{"number": 4242424242424242', {}, 400],
    ['no object', '[]', {}, 400],
    ['another type', '{}', { 'content-type': 'text/plain' }, 415],
    ['a form', 'number=4242424242424242', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['too large', JSON.stringify({ number: '4'.repeat(20_000) }), {}, 413],
    ['a prototype', '{"__proto__": {"number": "4242424242424242"}}', {}, 400],
  ])('%s, is answered with a code and nothing of what was sent', async (_, body, headers, status) => {
    const answer = await sandbox.tokenise(body, headers)
    expect(answer.status).toBe(status)
    expect(answer.body.error?.code).toMatch(/^[a-z_]+$/)
    expect(answer.text).not.toMatch(/4242|4444|stack|node:|\.ts/)
  })

  it('as a path or method, is answered in JSON too', async () => {
    const wrongMethod = await sandbox.get('/payments')
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await sandbox.get('/nothing')).body.error?.code).toBe('no_such_path')
    expect((await sandbox.get('/states/%zz')).status).toBe(404)
    expect((await sandbox.get('/assets/../../server.ts')).status).toBe(404)
  })
})

it('does not start with a key that can be guessed', async () => {
  await expect(startTestSandbox({ secretKey: 'secret' })).rejects.toThrow(/16 or more/)
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startServer, type RunningServer } from './test-server.ts'

const ORIGIN = 'https://shop.example'

let server: RunningServer
beforeAll(async () => {
  server = await startServer({ allowedOrigins: [ORIGIN] })
})
afterAll(() => server.close())

const options = (headers: Record<string, string>) =>
  fetch(`${server.url}/graphql`, { method: 'OPTIONS', headers })

describe('a path or method that is not served', () => {
  it.each([
    ['GET', '/', 404, null],
    ['GET', '/graphql/', 404, null],
    ['GET', '/GraphQL', 404, null],
    ['GET', '/graphql%2f', 404, null],
    ['GET', '/playground/index.html', 404, null],
    ['POST', '/playground/token', 404, null],
    ['GET', '/metrics', 404, null],
    ['GET', '/.env', 404, null],
    ['GET', '/constructor', 404, null],
    ['PUT', '/graphql', 405, 'GET, POST, OPTIONS'],
    ['DELETE', '/graphql', 405, 'GET, POST, OPTIONS'],
    ['POST', '/healthz', 405, 'GET, HEAD'],
    ['PATCH', '/readyz', 405, 'GET, HEAD'],
  ])('%s %s is answered with %d', async (method, path, status, allow) => {
    const response = await fetch(server.url + path, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([status, allow])
    const code = status === 404 ? 'NOT_FOUND' : 'BAD_USER_INPUT'
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] })
  })

  it('HEAD of the API is refused without a body, and of the health allowed', async () => {
    expect((await fetch(`${server.url}/graphql`, { method: 'HEAD' })).status).toBe(405)
    expect((await fetch(`${server.url}/healthz`, { method: 'HEAD' })).status).toBe(200)
  })
})

describe('every answer', () => {
  it.each<[string, () => Promise<Response>]>([
    ['data', () => server.post({ query: '{ hello }' })],
    ['an error', () => server.post('nothing')],
    ['an unknown path', () => fetch(`${server.url}/nothing`)],
    ['health', () => fetch(`${server.url}/healthz`)],
  ])('%s may not be cached, sniffed, framed or told on', async (_what, send) => {
    const { headers } = await send()
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-request-id': expect.any(String),
    })
    expect(headers.has('strict-transport-security')).toBe(false)
    expect(headers.has('x-powered-by')).toBe(false)
    expect(headers.has('server')).toBe(false)
  })

  it('says HSTS once callers come over TLS', async () => {
    const behindTls = await startServer({ hsts: true })
    const { headers } = await fetch(`${behindTls.url}/healthz`)
    await behindTls.close()
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains')
  })

  it('is sent as it is, whatever encodings the caller takes', async () => {
    const query = '{ opened }'
    const plain = await server.post({ query }, { 'accept-encoding': 'identity' })
    const asked = await server.post({ query }, { 'accept-encoding': 'gzip, br, zstd, deflate' })
    const lengths = [plain, asked].map(({ headers }) => headers.get('content-length'))
    expect(asked.headers.has('content-encoding')).toBe(false)
    expect(lengths).toEqual(['37', '37'])
  })
})

describe('a page of another origin', () => {
  const preflight = { origin: ORIGIN, 'access-control-request-method': 'POST' }

  it('may call when it is on the list', async () => {
    const { status, headers } = await options(preflight)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(headers.get('access-control-allow-headers')).toContain('idempotency-key')
    expect(headers.has('access-control-allow-credentials')).toBe(false)
  })

  it('reads errors too', async () => {
    for (const query of ['{ hello }', '{ nothing }']) {
      const { headers } = await server.post({ query }, { origin: ORIGIN })
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
      expect(headers.get('vary')).toBe('Origin')
    }
  })

  it.each([
    ['https://evil.example'],
    [`${ORIGIN}.evil.example`],
    ['http://shop.example'],
    ['null'],
    ['*'],
    [ORIGIN.toUpperCase()],
  ])('may not when it is %s', async (origin) => {
    for (const { headers } of [
      await options({ ...preflight, origin }),
      await server.post({ query: '{ hello }' }, { origin }),
    ]) {
      expect(headers.has('access-control-allow-origin')).toBe(false)
    }
  })
})

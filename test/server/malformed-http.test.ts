import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseAnswers, sendRaw } from './raw-http.ts'
import { LIMITS, startServer, type RunningServer } from './test-server.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer({ limits: { ...LIMITS, receiveMs: 300 } })
})
afterAll(() => server.close())

const HEAD = 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
const CLOSE = 'Connection: close\r\n'

describe('what is not quite HTTP is answered in JSON', () => {
  it.each<[string, number, string, readonly string[]]>([
    ['something else', 400, 'BAD_USER_INPUT', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']],
    ['an unknown method', 400, 'BAD_USER_INPUT', ['STEAL / HTTP/1.1\r\nHost: a\r\n\r\n']],
    ['an unknown version', 400, 'BAD_USER_INPUT', ['GET / HTTP/9.9\r\nHost: a\r\n\r\n']],
    ['a header with a NUL', 400, 'BAD_USER_INPUT', ['GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n']],
    ['a folded header', 400, 'BAD_USER_INPUT', ['GET / HTTP/1.1\r\nHost: a\r\n X: b\r\n\r\n']],
    ['no Host', 400, 'BAD_USER_INPUT', [`GET /healthz HTTP/1.1\r\n${CLOSE}\r\n`]],
    ['two lengths', 400, 'BAD_USER_INPUT', [`${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`]],
    [
      'a length and chunks (request smuggling)',
      400,
      'BAD_USER_INPUT',
      [`${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ],
    [
      'an unknown transfer encoding',
      400,
      'BAD_USER_INPUT',
      [`${HEAD}Transfer-Encoding: chunked, gzip\r\n\r\n`],
    ],
    ['a chunk of no size', 400, 'BAD_USER_INPUT', [`${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n`]],
    [
      'huge chunk extensions',
      413,
      'QUERY_TOO_COMPLEX',
      [`${HEAD}Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`],
    ],
    [
      'huge headers',
      431,
      'QUERY_TOO_COMPLEX',
      [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ],
    ['a huge URL', 431, 'QUERY_TOO_COMPLEX', [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`]],
    [
      'a tunnel',
      405,
      'BAD_USER_INPUT',
      ['CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'],
    ],
    ['headers that never end', 408, 'BAD_USER_INPUT', ['GET / HTTP/1.1\r\nHost: a\r\nX: ']],
    ['a body that never comes', 408, 'BAD_USER_INPUT', [`${HEAD}Content-Length: 20\r\n\r\n{"query":`]],
    ['a broken percent-encoding', 400, 'BAD_USER_INPUT', [`GET /%zz HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`]],
    ['an URL in full', 404, 'NOT_FOUND', [`GET http://a/graphql HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`]],
    ['an asterisk', 404, 'NOT_FOUND', [`OPTIONS * HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`]],
    [
      'an upgrade',
      404,
      'NOT_FOUND',
      ['GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n'],
    ],
    [
      'two authorizations',
      401,
      'UNAUTHENTICATED',
      [
        `${HEAD}${CLOSE}Authorization: Bearer good\r\nAuthorization: Bearer bad\r\nContent-Length: 19\r\n\r\n{"query":"{hello}"}`,
      ],
    ],
    [
      'a body over the limit that is announced',
      413,
      'QUERY_TOO_COMPLEX',
      [`${HEAD}Content-Length: 10000000\r\n\r\n{`],
    ],
  ])('%s', async (_what, status, code, pieces) => {
    const answers = parseAnswers(await sendRaw(server.port, ...pieces))
    expect(answers).toHaveLength(1)
    const [answer] = answers
    expect([answer!.status, answer!.headers.get('content-type')]).toEqual([
      status,
      'application/json; charset=utf-8',
    ])
    expect(JSON.parse(answer!.body)).toMatchObject({ errors: [{ extensions: { code } }] })
    expect(answer!.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer!.body).not.toMatch(/node:|\.ts|Parse Error|HPE_/)
  })

  it('an expectation that we do not know is ignored', async () => {
    const text = await sendRaw(
      server.port,
      `${HEAD}${CLOSE}Expect: the-unexpected\r\nContent-Length: 19\r\n\r\n{"query":"{hello}"}`,
    )
    expect(parseAnswers(text)).toMatchObject([{ status: 200, body: '{"data":{"hello":"world"}}' }])
  })
})

describe('a connection', () => {
  it('gives answers in the order of the requests', async () => {
    const request = (query: string, more = '') => {
      const body = JSON.stringify({ query })
      return `${HEAD}${more}Content-Length: ${body.length}\r\n\r\n${body}`
    }
    const text = await sendRaw(
      server.port,
      request('{ slow(ms: 50) }') + request('{ hello }') + request('{ caller }', CLOSE),
    )
    expect(parseAnswers(text).map(({ body }) => body)).toEqual([
      '{"data":{"slow":"at last"}}',
      '{"data":{"hello":"world"}}',
      '{"data":{"caller":"nobody"}}',
    ])
  })

  it('never gives the refusal of a malformed request as the answer to the one before it', async () => {
    const body = '{"query":"{ slow(ms: 100) }"}'
    const text = await sendRaw(
      server.port,
      `${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`,
      'GARBAGE\r\n\r\n',
    )
    expect(text).not.toContain('HTTP/1.1 400')
  })

  it('is closed after a body that was not wanted', async () => {
    const text = await sendRaw(
      server.port,
      `PUT /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{`,
      ' '.repeat(999),
    )
    const [answer] = parseAnswers(text)
    expect([answer!.status, answer!.headers.get('connection')]).toEqual([405, 'close'])
  })
})

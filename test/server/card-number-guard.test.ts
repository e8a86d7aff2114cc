import { describe, expect, it } from '@jest/globals'
import { connect } from 'node:net'
import { containsCardNumber, containsCardNumberIn } from '../../src/domain/card-number.ts'
import {
  CARD_NUMBER,
  recordingLog,
  startServer,
  type RunningServer,
  type TestOptions,
} from './test-server.ts'

const ESCAPED = CARD_NUMBER.replaceAll(/\d/g, '\\u003$&')
const SPACED = '4111 1111 1111 1111'
const HEADERS = { 'apollo-require-preflight': 'true' }

interface Watched {
  readonly server: RunningServer
  readonly places: string[]
  readonly ran: string[]
  readonly lines: () => string
}

async function withServer(
  check: (watched: Watched) => Promise<void>,
  overrides: Partial<TestOptions> = {},
): Promise<void> {
  const places: string[] = []
  const ran: string[] = []
  const { log, lines } = recordingLog()
  const server = await startServer({
    containsCardNumber,
    containsCardNumberIn,
    log,
    makeContext: (facts, principal) => {
      ran.push(facts.requestId)
      return { facts, principal, opened: [] }
    },
    audit: {
      refused: () => undefined,
      beforeAnswer: () => undefined,
      authenticationFailed: () => undefined,
      cardNumberRefused: ({ place }) => {
        places.push(place)
        return undefined
      },
    },
    ...overrides,
  })
  try {
    await check({ server, places, ran, lines })
  } finally {
    await server.close()
  }
}

async function expectRefusal(response: Response, { lines, ran }: Watched): Promise<void> {
  const text = await response.text()
  expect(response.status).toBe(400)
  expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'CARD_NUMBER_REFUSED' } }] })
  expect(ran).toEqual([])
  for (const seen of [text, JSON.stringify([...response.headers]), lines()]) {
    expect(seen).not.toMatch(/4111[ ,-]?1111/)
    expect(seen).not.toContain(ESCAPED)
  }
}

const post = (body: unknown, headers?: Record<string, string>) => (server: RunningServer) =>
  server.post(body, headers)
const get =
  (path: string, headers: Record<string, string> = HEADERS) =>
  (server: RunningServer) =>
    fetch(`${server.url}${path}`, { headers })
const hello = { query: '{ hello }' }
const variable = (v: unknown) => post({ query: 'query ($v: String) { shout(text: $v) }', variables: { v } })

describe('a card number is refused', () => {
  it.each<[string, string, (server: RunningServer) => Promise<Response>]>([
    ['in a path', 'url', get(`/customers/${CARD_NUMBER}`)],
    ['in a path, percent-encoded', 'url', get(`/customers/%34111111111111111`)],
    ['in the query of a URL', 'url', get(`/healthz?card=${CARD_NUMBER}`)],
    ['in the variables of a GET', 'url', get(`/graphql?query={hello}&variables={"a":"4111+1111+1111+1111"}`)],
    [
      'in the variables of a GET, escaped',
      'url',
      get(`/graphql?query={hello}&variables=${encodeURIComponent(`{"a":"${ESCAPED}"}`)}`),
    ],
    ['in a header', 'header', post(hello, { 'x-access-reason': `caller read out ${SPACED}` })],
    ['in a header of a request for something else', 'header', get('/healthz', { 'user-agent': CARD_NUMBER })],
    ['in the name of a header', 'header', post(hello, { [`x-${CARD_NUMBER}`]: '1' })],
    [
      'in a header, with dashes of UTF-8',
      'header',
      post(hello, { 'x-access-reason': Buffer.from('4242–4242–4242–4242').toString('latin1') }),
    ],
    ['as the request id', 'header', post(hello, { 'x-request-id': CARD_NUMBER })],
    ['as the idempotency key', 'header', post(hello, { 'idempotency-key': CARD_NUMBER })],
    ['beside a token', 'header', post(hello, { authorization: `Bearer ${CARD_NUMBER}` })],
    ['in a variable', 'body', variable(CARD_NUMBER)],
    ['in a variable, with spaces', 'body', variable(SPACED)],
    ['in a variable, as a number', 'body', variable(Number(CARD_NUMBER))],
    ['in a variable deep down', 'body', variable({ a: [{ b: [CARD_NUMBER] }] })],
    ['in a key of a variable', 'body', variable({ [CARD_NUMBER]: 1 })],
    ['in a variable that is not declared', 'body', post({ ...hello, variables: { other: CARD_NUMBER } })],
    ['in a variable, escaped', 'body', post(`{"query":"{ hello }","variables":{"v":"${ESCAPED}"}}`)],
    [
      'in a variable, as a float',
      'body',
      post('{"query":"{ hello }","variables":{"v":0.4111111111111111e16}}'),
    ],
    ['in a literal', 'body', post({ query: `{ shout(text: "${CARD_NUMBER}") }` })],
    ['in a literal, as a number', 'body', post({ query: `{ shout(count: ${CARD_NUMBER}) }` })],
    ['in a literal, escaped', 'body', post({ query: `{ shout(text: "${ESCAPED}") }` })],
    [
      'in a literal, in braces',
      'body',
      post({
        query: `{ shout(text: "${CARD_NUMBER.replaceAll(/\d/g, '\\u{00000000003$&}')}") }`,
      }),
    ],
    ['in a comment', 'body', post({ query: `{ hello } # ${CARD_NUMBER}` })],
    ['in an alias', 'body', post({ query: `{ _${CARD_NUMBER}: hello }` })],
    ['in the operation name', 'body', post({ ...hello, operationName: `_${CARD_NUMBER}` })],
    ['in the extensions', 'body', post({ ...hello, extensions: { card: CARD_NUMBER } })],
    ['in a body that is not JSON', 'body', post(`card=${CARD_NUMBER}`)],
  ])('%s', async (_what, place, send) => {
    await withServer(async (watched) => {
      await expectRefusal(await send(watched.server), watched)
      expect(watched.places).toEqual([place])
    })
  })

  it('although the refusal cannot be recorded', async () => {
    await withServer(
      async (watched) => {
        await expectRefusal(await watched.server.post({ ...hello, variables: { v: CARD_NUMBER } }), watched)
        expect(watched.lines()).toContain('"fault"')
      },
      {
        audit: {
          refused: () => undefined,
          beforeAnswer: () => undefined,
          authenticationFailed: () => undefined,
          cardNumberRefused: () => Promise.reject(new Error(CARD_NUMBER)),
        },
      },
    )
  })

  it('and nothing of it is said when the HTTP around it is malformed', async () => {
    await withServer(async ({ server, lines }) => {
      const text = await new Promise<string>((resolve, reject) => {
        const socket = connect(server.port, '127.0.0.1', () =>
          socket.write(`${CARD_NUMBER} / HTTP/1.1\r\n\r\n`),
        )
        let received = ''
        socket.on('data', (chunk: Buffer) => (received += chunk.toString()))
        socket.on('close', () => resolve(received)).on('error', reject)
      })
      expect(text).toMatch(/^HTTP\/1\.1 400 /)
      expect(text + lines()).not.toContain(CARD_NUMBER)
    })
  })
})

describe('a detector that reads no escapes is asked again, once they are read', () => {
  const plain: Partial<TestOptions> = {
    containsCardNumber: (text) => text.includes(CARD_NUMBER),
    containsCardNumberIn: (value) => JSON.stringify(value).includes(CARD_NUMBER),
  }

  it.each<[string, string, unknown]>([
    ['of a variable', 'variables', `{"query":"{ hello }","variables":{"v":"${ESCAPED}"}}`],
    ['of a number', 'variables', '{"query":"{ hello }","variables":{"v":4.111111111111111e15}}'],
    ['of the JSON around a document', 'document', `{"query":"{ hello } # ${ESCAPED}"}`],
    ['of an operation name', 'body', `{"query":"{ hello }","operationName":"_${ESCAPED}"}`],
    ['of a literal', 'document', { query: `{ shout(text: "${ESCAPED}") }` }],
    [
      'of a literal in a default',
      'document',
      { query: `query ($v: String = "${ESCAPED}") { shout(text: $v) }` },
    ],
  ])('%s', async (_what, place, body) => {
    await withServer(async (watched) => {
      await expectRefusal(await watched.server.post(body), watched)
      expect(watched.places).toEqual([place])
    }, plain)
  })
})

it('What only looks like one is not refused', async () => {
  await withServer(async ({ server, places }) => {
    const variables = {
      id: '01930000-0000-7000-8000-000000000001',
      at: '2026-11-24T14:00:00.000Z',
      amount: '1234567890.12',
      phone: '+491701234567',
    }
    const headers = {
      'x-request-id': '3f0c7f64-29c6-4c4e-9d0a-0c2f6d8a51e7',
      traceparent: `00-${'0af7'.repeat(8)}-b7ad6b7169203331-01`,
    }
    const response = await server.post({ query: '{ hello }', variables }, headers)
    expect([response.status, places]).toEqual([200, []])
  })
})

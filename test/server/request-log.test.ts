import { describe, expect, it } from '@jest/globals'
import { GatewayUnavailable } from '../../src/errors.ts'
import { logFault } from '../../src/server/request-log.ts'
import { sendRaw } from './raw-http.ts'
import { recordingLog, schemaOf, startServer, typeDefs, type TestContext } from './test-server.ts'

const MARK = 'MARKED7x'

const parse = (lines: string) =>
  lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('the log', () => {
  it('has one line for a request: its id, operation, codes, status and time', async () => {
    const { log, lines } = recordingLog()
    const server = await startServer({ log })
    await server.post(
      { query: 'query Named { hello fails }' },
      { 'x-request-id': '0af7651916cd43dd8448eb211c80319c' },
    )
    await fetch(`${server.url}/healthz`)
    await server.close()
    const [fault, request, ...more] = parse(lines())
    expect(more).toEqual([])
    expect(Object.keys(fault!).sort()).toEqual([
      'faults',
      'hostname',
      'level',
      'msg',
      'pid',
      'requestId',
      'time',
    ])
    expect(request).toEqual({
      level: 30,
      time: expect.any(Number),
      pid: expect.any(Number),
      hostname: expect.any(String),
      requestId: '0af7651916cd43dd8448eb211c80319c',
      operationName: 'Named',
      operationType: 'query',
      codes: ['INTERNAL_SERVER_ERROR'],
      status: 200,
      ms: expect.any(Number),
      msg: 'request',
    })
  })

  it('holds nothing of what callers send, whatever comes of it', async () => {
    const { log, lines } = recordingLog()
    const throws = (error: unknown) => () => {
      throw error
    }
    const schema = schemaOf(typeDefs, {
      Query: {
        hello: throws(
          new Error(`at ${MARK} (file:///${MARK}.ts:1:1)\n    at ${MARK} (file:///${MARK}.ts:1:1)`),
        ),
        fails: throws(
          new GatewayUnavailable(MARK, {
            cause: Object.assign(new Error(MARK), { code: `${MARK} !`, name: `${MARK} !` }),
          }),
        ),
        failsWith: throws({ toString: () => MARK, message: MARK }),
        shout: (_source: unknown, { text }: { text: string }) => Promise.reject(new TypeError(`no ${text}`)),
        opened: (_source: unknown, _args: unknown, { opened }: TestContext) => opened.push(MARK),
      },
    })
    const server = await startServer({
      log,
      schema,
      readiness: { [`database`]: () => Promise.reject(new Error(MARK)) },
    })
    const headers = {
      'x-request-id': `${MARK}-${MARK}`,
      'x-access-reason': MARK,
      'idempotency-key': MARK,
      cookie: MARK,
      'user-agent': MARK,
    }
    const variables = { v: MARK }
    await server.post(
      { query: 'query ($v: String) { hello fails failsWith shout(text: $v) opened }', variables },
      headers,
    )
    await server.post({ query: 'query ($v: Int) { shout(count: $v) }', variables }, headers)
    await server.post({ query: `{ shout(text: "${MARK}", count: "${MARK}") ${MARK} }` }, headers)
    await server.post({ query: `{ "${MARK}` }, headers)
    await server.post({ query: '{ hello }', operationName: MARK }, headers)
    await server.post(`{"${MARK}`, headers)
    await server.post({ query: '{ hello }' }, { ...headers, authorization: `Bearer ${MARK}` })
    await server.post('x', { 'content-type': MARK })
    await fetch(`${server.url}/${MARK}?${MARK}=${MARK}`, { headers })
    await fetch(`${server.url}/readyz`, { headers })
    await sendRaw(server.port, `${MARK} / HTTP/1.1\r\n\r\n`)
    await server.close()
    expect(parse(lines()).length).toBeGreaterThan(12)
    expect(lines()).not.toContain(MARK)
  })

  it('cuts the name of an operation', async () => {
    const { log, lines } = recordingLog()
    const server = await startServer({ log })
    await server.post({ query: `query ${'a'.repeat(500)} { hello }` })
    await server.close()
    expect(parse(lines())[0]!['operationName']).toBe('a'.repeat(64))
  })
})

describe('logFault', () => {
  const faultsOf = (error: unknown) => {
    const { log, lines } = recordingLog()
    logFault(log, { part: 'test' }, error)
    return parse(lines())[0]!['faults'] as { name?: string; code?: string; frames: string[] }[]
  }

  it('names an error, its causes, their codes and places', () => {
    const cause = Object.assign(new TypeError('inner'), { code: 'ECONNREFUSED' })
    const faults = faultsOf(new GatewayUnavailable(undefined, { cause }))
    expect(faults.map(({ name, code }) => [name, code])).toEqual([
      ['GatewayUnavailable', 'GATEWAY_UNAVAILABLE'],
      ['TypeError', 'ECONNREFUSED'],
    ])
    expect(faults[0]!.frames[0]).toMatch(/^at .*request-log\.test\.ts:\d+:\d+\)?$/)
  })

  it.each<[string, unknown]>([
    ['a message that looks like a frame', new Error('\n    at secret (file:///secret.ts:1:1)')],
    [
      'a message that was changed afterwards',
      Object.assign(new Error('\n    at secret (file:///secret.ts:1:1)'), { message: 'other' }),
    ],
    ['a stack that was written by hand', Object.assign(new Error('m'), { stack: 'm secret\n at secret' })],
    ['a name that is a sentence', Object.assign(new Error('m'), { name: 'it is a secret' })],
    ['a code that is a sentence', Object.assign(new Error('m'), { code: 'it is a secret' })],
    ['a string', 'secret'],
    ['an object', { secret: 'secret' }],
    ['a cause that is a string', new Error('m', { cause: 'secret' })],
  ])('keeps to itself %s', (_what, error) => {
    expect(JSON.stringify(faultsOf(error))).not.toContain('secret')
  })

  it('ends with a chain of causes that has no end', () => {
    const loop = new Error('m')
    loop.cause = loop
    expect(faultsOf(loop)).toHaveLength(4)
  })
})

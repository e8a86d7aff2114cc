import { describe, expect, it } from '@jest/globals'
import {
  schemaOf,
  startServer,
  typeDefs,
  resolvers,
  LIMITS,
  recordingLog,
  stubOptions,
  type RunningServer,
  type TestContext,
  type TestOptions,
} from './test-server.ts'
import { InternalError } from '../../src/errors.ts'

const OPENED = 'ada@example.com'
const quiet = stubOptions().audit

async function withServer(
  overrides: Partial<TestOptions>,
  check: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const server = await startServer(overrides)
  try {
    await check(server)
  } finally {
    await server.close()
  }
}

describe('the audit', () => {
  it.each<[string, TestOptions['audit']['beforeAnswer']]>([
    ['rejects', () => Promise.reject(new Error('the disk is full'))],
    ['rejects with an error of ours', () => Promise.reject(new InternalError('The audit failed.'))],
    [
      'throws',
      () => {
        throw new Error('the disk is full')
      },
    ],
    ['takes too long', () => new Promise(() => undefined)],
  ])('that %s withholds the data', async (_what, beforeAnswer) => {
    const limits = { ...LIMITS, auditMs: 100 }
    await withServer({ limits, audit: { ...quiet, beforeAnswer } }, async (server) => {
      const response = await server.post({ query: '{ opened }' })
      const text = await response.text()
      expect(response.status).toBe(500)
      expect(JSON.parse(text)).toEqual({
        errors: [
          {
            message: 'Something went wrong on our side.',
            extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' }),
          },
        ],
      })
      expect(text).not.toContain(OPENED)
    })
  })

  it('settles before a byte is sent', async () => {
    const order: string[] = []
    const beforeAnswer = async ({ opened }: TestContext) => {
      order.push(`stores ${opened.join()}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      order.push('stored')
    }
    await withServer({ audit: { ...quiet, beforeAnswer } }, async (server) => {
      const response = await server.post({ query: '{ opened }' })
      order.push(`answered ${response.status}`)
      expect(order).toEqual(['stores opened', 'stored', 'answered 200'])
      expect(await response.json()).toEqual({ data: { opened: OPENED } })
    })
  })

  it('also stores what was opened for an answer that came too late', async () => {
    const stored: string[] = []
    const schema = schemaOf(typeDefs, {
      Query: {
        opened: (_source: unknown, _args: unknown, { opened }: TestContext) =>
          new Promise((resolve) => setTimeout(() => resolve(opened.push('late')), 150)),
      },
    })
    const beforeAnswer = ({ opened }: TestContext) => {
      stored.push(...opened)
      return Promise.resolve()
    }
    await withServer(
      { schema, limits: { ...LIMITS, requestMs: 50 }, audit: { ...quiet, beforeAnswer } },
      async (server) => {
        const response = await server.post({ query: '{ opened }' })
        expect(response.status).toBe(503)
        expect(await response.json()).toMatchObject({
          errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: true } }],
        })
        await new Promise((resolve) => setTimeout(resolve, 300))
        expect(stored).toEqual(['late'])
      },
    )
  })
})

describe('a mutation with something that its caller may not', () => {
  const refusals = [
    { coordinate: 'Customer.email', path: 'first.customer.email' },
    { coordinate: 'Query.b', path: 'b' },
  ]

  function watched() {
    const ran: string[] = []
    const seen: unknown[] = []
    const overrides: Partial<TestOptions> = {
      schema: schemaOf(typeDefs, { ...resolvers, Mutation: { charge: () => ran.push('charged') } }),
      authorise: (request) => {
        seen.push([request.operationName, request.variables, [...request.roles]])
        return refusals
      },
      audit: { ...quiet, refused: (_context, refused) => seen.push(refused) },
    }
    return { ran, seen, overrides }
  }
  const body = {
    query: 'mutation Pay($n: String) { first: charge(name: $n) second: charge }',
    variables: { n: 'a' },
  }

  it('is refused whole, recorded, and nothing of it runs', async () => {
    const { ran, seen, overrides } = watched()
    await withServer(overrides, async (server) => {
      const response = await server.post(body, { authorization: 'Bearer good' })
      expect(response.status).toBe(403)
      expect(await response.json()).toEqual({
        errors: refusals.map(({ path }) => ({
          message: 'Your roles do not allow this.',
          path: path.split('.'),
          extensions: {
            code: 'FORBIDDEN',
            errorClass: 'AUTHORIZATION',
            retryable: false,
            requestId: expect.any(String),
          },
        })),
      })
      expect(ran).toEqual([])
      expect(seen).toEqual([['Pay', { n: 'a' }, ['SUPPORT']], refusals])
    })
  })

  it('asks a caller without a token for one', async () => {
    const { ran, overrides } = watched()
    await withServer(overrides, async (server) => {
      const response = await server.post(body)
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(ran).toEqual([])
    })
  })

  it('is refused by nobody when it is a query: each field decides for itself', async () => {
    const { overrides } = watched()
    await withServer(overrides, async (server) => {
      expect(await (await server.post({ query: '{ hello }' })).json()).toEqual({ data: { hello: 'world' } })
    })
  })

  it('does not run when the pre-flight fails', async () => {
    const { ran, overrides } = watched()
    const authorise = () => {
      throw new Error('no policy')
    }
    await withServer({ ...overrides, authorise }, async (server) => {
      expect((await server.post(body)).status).toBe(500)
      expect(ran).toEqual([])
    })
  })
})

describe('a context', () => {
  const contextOf = async (headers: Record<string, string>, query = 'query Named { hello }') => {
    const made: TestContext[] = []
    const makeContext: TestOptions['makeContext'] = (facts, principal) => {
      made.push({ facts, principal, opened: [] })
      return made[0]!
    }
    let response: Response | undefined
    await withServer({ makeContext }, async (server) => {
      response = await server.post({ query }, headers)
      await response.text()
    })
    return { facts: made[0]?.facts, response: response! }
  }

  it('knows the operation, the reason and the idempotency key', async () => {
    const { facts } = await contextOf({ 'x-access-reason': 'ticket 42', 'idempotency-key': 'order-7' })
    expect(facts).toMatchObject({ operationName: 'Named', reason: 'ticket 42', idempotencyKey: 'order-7' })
  })

  it('reads a reason in UTF-8', async () => {
    const reason = Buffer.from('Rückruf für Zoë 😀').toString('latin1')
    expect((await contextOf({ 'x-access-reason': reason })).facts?.reason).toBe('Rückruf für Zoë 😀')
  })

  it('has none of them when none is given', async () => {
    const { facts } = await contextOf({}, '{ hello }')
    expect(facts).toMatchObject({ operationName: null, reason: null, idempotencyKey: null })
  })

  it.each([['0af7651916cd43dd8448eb211c80319c'], ['3F0C7F64-29C6-4C4E-9D0A-0C2F6D8A51E7']])(
    'takes over the request id %s',
    async (id) => {
      const { facts, response } = await contextOf({ 'x-request-id': id })
      expect([facts?.requestId, response.headers.get('x-request-id')]).toEqual([id, id])
    },
  )

  it.each([['short'], ['jane.doe@example.com-1234'], ['a'.repeat(65)], ['']])(
    'makes a request id of its own instead of %j',
    async (id) => {
      const { facts, response } = await contextOf({ 'x-request-id': id })
      expect(facts?.requestId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/)
      expect(response.headers.get('x-request-id')).toBe(facts?.requestId)
    },
  )

  it.each([
    ['x-access-reason', 'a'.repeat(201)],
    ['x-access-reason', 'tab\there'],
    ['x-access-reason', '\xff\xfe'],
    ['idempotency-key', 'two words'],
    ['idempotency-key', 'a'.repeat(256)],
    ['idempotency-key', 'é'],
  ])('is not made with the header %s: %j', async (name, value) => {
    const { facts, response } = await contextOf({ [name]: value })
    expect([facts, response.status]).toEqual([undefined, 400])
  })

  it('is told when the caller hangs up', async () => {
    const aborted = new Promise<void>((resolve, reject) => {
      const schema = schemaOf(typeDefs, {
        Query: {
          hello: (_source: unknown, _args: unknown, { facts }: TestContext) => {
            facts.signal.addEventListener('abort', () => resolve())
            hangUp.abort()
            return new Promise((answer) => setTimeout(answer, 500))
          },
        },
      })
      const hangUp = new AbortController()
      withServer({ schema }, async ({ url }) => {
        const headers = { 'content-type': 'application/json' }
        const body = '{"query":"{hello}"}'
        await expect(
          fetch(`${url}/graphql`, { method: 'POST', headers, body, signal: hangUp.signal }),
        ).rejects.toThrow('aborted')
        await aborted
      }).catch(reject)
    })
    await expect(aborted).resolves.toBeUndefined()
  })
})

it('A fault of a resolver is logged by class and place, and not told', async () => {
  const { log, lines } = recordingLog()
  await withServer({ log }, async (server) => {
    const text = await (await server.post({ query: '{ fails }' })).text()
    expect(text + lines()).not.toContain('hunter2')
    expect(lines()).toMatch(/"faults":\[\{"name":"Error","frames":\["at /)
  })
})

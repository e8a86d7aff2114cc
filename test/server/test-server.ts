import { Writable } from 'node:stream'
import { buildSchema, type GraphQLSchema } from 'graphql'
import { pino } from 'pino'
import { Unauthenticated } from '../../src/errors.ts'
import type { Principal } from '../../src/domain/principal.ts'
import type { RequestFacts, ServerOptions } from '../../src/server/options.ts'
import { createServer } from '../../src/server/server.ts'

/** A well-known test number, and what the stub detector looks for. */
export const CARD_NUMBER = '4111111111111111'

export interface TestContext {
  readonly facts: RequestFacts
  readonly principal: Principal | null
  readonly opened: string[]
}

export type TestOptions = ServerOptions<TestContext>

const SUPPORT: Principal = { id: 'anna', roles: new Set(['SUPPORT']), customerId: null }

const cardDigits = (text: string) => text.includes(CARD_NUMBER)

function schemaOf(typeDefs: string, rootValue: object): GraphQLSchema {
  const schema = buildSchema(typeDefs)
  for (const [typeName, resolvers] of Object.entries(rootValue) as [string, Record<string, never>][]) {
    const type = schema.getType(typeName)
    if (type === undefined || !('getFields' in type)) throw new Error(`no type ${typeName}`)
    for (const [name, resolve] of Object.entries(resolvers))
      Object.assign(type.getFields()[name]!, { resolve })
  }
  return schema
}

export const typeDefs = /* GraphQL */ `
  enum Colour {
    RED
    GREEN
  }
  input Item {
    name: String!
    count: Int
    colour: Colour
    items: [Item!]
  }
  type Node {
    id: ID
    name: String
    node: Node
    nodes(first: Int = 10): [Node!]
    list: [Node!]
  }
  type Query {
    hello: String
    shout(text: String, item: Item, id: ID, colour: Colour, count: Int): String
    need(count: Int! = 1): Int
    node: Node
    nodes(first: Int = 10): [Node!]
    opened: String
    caller: String
    slow(ms: Int!): String
    fails: String
    failsWith: String
    notThere: Int!
  }
  type Mutation {
    charge(name: String): String
    shout(item: Item): String
  }
`

export const resolvers = {
  Query: {
    hello: () => 'world',
    shout: (_source: unknown, { text }: { text?: string }) => text ?? 'nothing',
    need: () => 1,
    node: () => ({ id: '1', name: 'a node' }),
    opened: (_source: unknown, _args: unknown, { opened }: TestContext) => {
      opened.push('opened')
      return 'ada@example.com'
    },
    caller: (_source: unknown, _args: unknown, { principal }: TestContext) => principal?.id ?? 'nobody',
    slow: (_source: unknown, { ms }: { ms: number }) =>
      new Promise((resolve) => setTimeout(resolve, ms, 'at last').unref()),
    fails: () => {
      throw new Error('the password is hunter2')
    },
    notThere: () => null,
  },
}

export const LIMITS = {
  bodyBytes: 102_400,
  tokens: 2000,
  depth: 12,
  aliases: 20,
  directives: 20,
  cost: 20_000,
  requestMs: 5000,
  auditMs: 1000,
}

/** Collaborators that a test replaces one by one. */
export function stubOptions(overrides: Partial<TestOptions> = {}): TestOptions {
  return {
    schema: schemaOf(typeDefs, resolvers),
    authenticate: (authorization) => {
      if (authorization === undefined) return null
      if (authorization !== 'Bearer good') throw new Unauthenticated()
      return SUPPORT
    },
    makeContext: (facts, principal) => ({ facts, principal, opened: [] }),
    authorise: () => [],
    audit: {
      refused: () => undefined,
      cardNumberRefused: () => undefined,
      authenticationFailed: () => undefined,
      beforeAnswer: () => undefined,
    },
    containsCardNumber: cardDigits,
    containsCardNumberIn: (value) => cardDigits(JSON.stringify(value)),
    limits: LIMITS,
    introspection: true,
    hideSuggestions: true,
    playground: null,
    readiness: {},
    log: pino({ enabled: false }),
    allowedOrigins: [],
    hsts: false,
    metrics: false,
    ...overrides,
  }
}

/** A log and what was written to it. */
export function recordingLog(): { log: TestOptions['log']; lines: () => string } {
  const written: string[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString())
      done()
    },
  })
  return { log: pino({}, sink), lines: () => written.join('') }
}

export interface RunningServer {
  readonly url: string
  readonly port: number
  post(body: unknown, headers?: Record<string, string>): Promise<Response>
  close(graceMs?: number): Promise<void>
}

/** Listens on a free port of the loopback address. */
export async function startServer(overrides: Partial<TestOptions> = {}): Promise<RunningServer> {
  const server = await createServer(stubOptions(overrides))
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    port: Number(new URL(url).port),
    post: (body, headers = {}) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    close: (graceMs = 0) => server.close({ graceMs }),
  }
}

/** Schema of one's own with resolvers by type and field. */
export { schemaOf }

/** A server that speaks as ours does to the Playground, over a schema of its own, and remembers what it heard. */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { text } from 'node:stream/consumers'
import { buildSchema, graphql } from 'graphql'

/** As docs and server have it: nothing inline but styles, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self'; " +
  "connect-src 'self'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'"

export const CLEAR = 'ada.lovelace@example.com'
export const MASKED = 'a***@example.com'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
}

const schema = buildSchema(`
  type Query {
    "Never answers, until the stub is told to."
    slow: String
    viewer: Viewer
    search: Search
  }
  type Viewer { id: ID!, roles: [String!]! }
  type Search { customers(input: CustomerSearchInput!, first: Int = 50): CustomerConnection }
  input CustomerSearchInput { company: String }
  type CustomerConnection { edges: [CustomerEdge!] }
  type CustomerEdge { node: Customer }
  type Customer {
    id: ID!
    company: String
    "Masked, except for ADMIN."
    email: String
    firstName: String
    lastName: String
    phoneNumber: String
  }
`)

export interface GraphQLRequest {
  readonly authorization: string | null
  readonly query: string
  aborted: boolean
}

export interface StubServer {
  readonly origin: string
  readonly requests: GraphQLRequest[]
  readonly issued: string[]
  /** Tokens that are no longer accepted. */
  readonly expired: Set<string>
  /** Cuts connections at its end. */
  close(): void
}

export interface StubOptions {
  readonly directory: string
  readonly roles: readonly string[]
}

const json = (response: ServerResponse, status: number, body: unknown) =>
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body))

async function sendFile(response: ServerResponse, directory: string, path: string): Promise<void> {
  const type = TYPES[extname(path)]
  const body = await readFile(join(directory, normalize(`/${path}`))).catch(() => null)
  if (type === undefined || body === null) {
    json(response, 404, { errors: [] })
    return
  }
  response
    .writeHead(200, {
      'content-type': type,
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
    })
    .end(body)
}

function rootFor(role: string | null) {
  const email = role === 'ADMIN' ? CLEAR : MASKED
  const customer = { id: 'c1', company: 'Engines', email, firstName: 'A', lastName: 'L', phoneNumber: null }
  return {
    viewer: { id: 'demo', roles: role === null ? [] : [role] },
    search: { customers: { edges: [{ node: customer }] } },
    slow: () => new Promise(() => undefined),
  }
}

export async function startStub({ directory, roles }: StubOptions): Promise<StubServer> {
  const requests: GraphQLRequest[] = []
  const issued: string[] = []
  const expired = new Set<string>()

  async function answerGraphQL(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { query: source, operationName } = JSON.parse(await text(request)) as Record<string, string>
    const authorization = request.headers.authorization ?? null
    const heard: GraphQLRequest = { authorization, query: source!, aborted: false }
    requests.push(heard)
    response.on('close', () => (heard.aborted = !response.writableFinished))
    if (authorization !== null && expired.has(authorization.slice('Bearer '.length))) {
      json(response, 401, { errors: [{ message: 'Authentication is required.' }] })
      return
    }
    const role = authorization?.split('-')[1] ?? null
    const rootValue = rootFor(role)
    const result = await graphql({ schema, source: source!, rootValue, operationName: operationName ?? null })
    json(response, 200, result)
  }
  async function issueToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { role } = JSON.parse(await text(request)) as { role: string }
    const token = `token-${role}-${issued.length}`
    issued.push(token)
    json(response, 200, { token })
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method ?? ''} ${request.url ?? ''}`
    if (route === 'POST /graphql') return answerGraphQL(request, response)
    if (route === 'GET /graphql') return sendFile(response, directory, 'index.html')
    if (route === 'POST /playground/token') return issueToken(request, response)
    if (route === 'GET /playground/identities') {
      json(response, 200, { identities: roles.map((role) => ({ role, label: `the ${role.toLowerCase()}` })) })
      return
    }
    return sendFile(response, directory, (request.url ?? '').replace(/^\/playground\//, ''))
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { origin, requests, issued, expired, close }
}

/** The whole application over a database of its own, a sandbox gateway of its own and an issuer of its own, on real sockets. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { startApp } from '../../src/app.ts'
import { createDevIssuer } from '../../src/auth/dev-issuer.ts'
import { readPath } from '../../src/cli/tour/api-client.ts'
import { loadConfig } from '../../src/config.ts'
import type { Role } from '../../src/domain/principal.ts'
import { startSandbox } from '../../src/gateway/sandbox/server.ts'
import { createLocalKeyFile } from '../../src/kms/local-key-file.ts'
import { freshDatabase } from './database.ts'
import { startRecordingProxy } from './recording-proxy.ts'
import { openSandbox } from './sandbox.ts'
import type { TestSandbox } from './sandbox.ts'

export interface GraphQLFault {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly [name: string]: unknown }
}

/** The data of an operation that succeeded. */
export interface Data {
  /** What is at a path, such as `createCustomer.customer.id`. */
  read(path: string): unknown
  /** The same, which must be a text. */
  text(path: string): string
  /** The nodes of the connection at a path. */
  nodes(path: string): readonly Readonly<Record<string, unknown>>[]
}

function dataOf(data: unknown): Data {
  const read = (path: string) => readPath(data, path)
  return {
    read,
    text(path) {
      const value = read(path)
      if (typeof value !== 'string') throw new Error(`There is no text at ${path}.`)
      return value
    },
    nodes: (path) =>
      (read(`${path}.edges`) as readonly { readonly node: Readonly<Record<string, unknown>> }[]).map(
        ({ node }) => node,
      ),
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** As it came over the wire. */
  readonly text: string
  readonly body: { readonly data?: unknown; readonly errors?: readonly GraphQLFault[] }
}

type Variables = Readonly<Record<string, unknown>>

/** Sends operations as one caller. */
export interface Client {
  (document: string, variables?: Variables, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** The data of an operation that must succeed. */
  data(document: string, variables?: Variables, headers?: Readonly<Record<string, string>>): Promise<Data>
  readonly token: string | null
}

export interface TestApp {
  readonly url: string
  readonly databaseUrl: string
  readonly sandbox: TestSandbox
  /** Every line that was logged. */
  readonly logs: readonly string[]
  /** What the application sent to the gateway, when `recordGateway` was asked for. */
  readonly sentToGateway: readonly string[]
  as(role: Role, customerRow?: string): Promise<Client>
  anonymous(): Client
  close(): Promise<void>
}

function createClient(url: string, token: string | null): Client {
  const send = async (
    document: string,
    variables: Variables = {},
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query: document, variables }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: JSON.parse(text) as Answer['body'],
    }
  }
  const data: Client['data'] = async (document, variables, headers) => {
    const { body, text } = await send(document, variables, headers)
    if (body.errors !== undefined) throw new Error(`The operation failed: ${text}`)
    return dataOf(body.data)
  }
  return Object.assign(send, { data, token })
}

/** Starts everything; `environment` overrides the configuration. With `playground`, it acts as the demo's identities. */
export async function startTestApp(
  environment: Readonly<Record<string, string>> = {},
  { recordGateway = false, playground = false } = {},
): Promise<TestApp> {
  const directory = await mkdtemp(join(tmpdir(), 'sealpay-app-'))
  const [database, issuer] = await Promise.all([freshDatabase(), createDevIssuer({ directory })])
  const keyFile = join(directory, 'kms.json')
  await createLocalKeyFile(keyFile)
  const secretKey = randomBytes(24).toString('base64url')
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0, storeFile: null, secretKey })
  const proxy = recordGateway ? await startRecordingProxy(sandbox.url) : null
  const logs: string[] = []
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      logs.push(chunk.toString())
      done()
    },
  })
  const config = loadConfig({
    SEALPAY_MODE: 'development',
    SEALPAY_PORT: '0',
    SEALPAY_LOG_LEVEL: 'debug',
    SEALPAY_INTROSPECTION: 'on',
    DATABASE_URL: database.url,
    SEALPAY_KMS: 'local',
    SEALPAY_KMS_LOCAL_KEY_FILE: keyFile,
    SEALPAY_AUTH_ISSUER: issuer.issuer,
    SEALPAY_AUTH_AUDIENCE: issuer.audience,
    SEALPAY_AUTH_ALGORITHMS: 'ES256',
    SEALPAY_AUTH_JWKS_FILE: issuer.jwksFile,
    SEALPAY_GATEWAY: 'sandbox',
    SEALPAY_GATEWAY_SANDBOX_URL: proxy?.url ?? sandbox.url,
    SEALPAY_GATEWAY_SANDBOX_SECRET: secretKey,
    SEALPAY_GATEWAY_TIMEOUT_MS: '2000',
    SEALPAY_CURRENCY: 'USD',
    ...(playground && { SEALPAY_PLAYGROUND: 'on', SEALPAY_DEV_ISSUER_DIRECTORY: directory }),
    ...environment,
  })
  const app = await startApp(config, pino({ level: config.SEALPAY_LOG_LEVEL }, sink))
  const graphql = `${app.url}/graphql`
  return {
    url: app.url,
    databaseUrl: database.url,
    sandbox: openSandbox(sandbox.url, secretKey),
    logs,
    sentToGateway: proxy?.sent ?? [],
    async as(role, customerRow) {
      const subject = `test-${role.toLowerCase()}-${randomUUID()}`
      return createClient(
        graphql,
        await issuer.issueToken({ subject, roles: [role], customerId: customerRow }),
      )
    },
    anonymous: () => createClient(graphql, null),
    async close() {
      await app.close()
      await proxy?.close()
      await sandbox.close()
      await database.close()
      await rm(directory, { recursive: true })
    },
  }
}

import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { createDocuments, type Documents } from './documents.ts'
import { startExecutor, type Executor } from './executor.ts'
import { createGraphQLHandler } from './graphql-handler.ts'
import { createListener, type Parts } from './listener.ts'
import { answerMalformedHttp } from './malformed-http.ts'
import { createMetrics } from './metrics.ts'
import type { SealpayServer, ServerOptions } from './options.ts'
import { createPlayground } from './playground.ts'
import { createReadiness } from './readiness.ts'
import { logFault } from './request-log.ts'
import { createRouter } from './routes.ts'
import { runOperation } from './run-operation.ts'

const RECEIVE_MS = 15_000
const READINESS_MS = 2000
/** Longer than a balancer keeps a connection, so that it never sends a request into one that we close. */
const KEEP_ALIVE_MS = 65_000
const MAX_HEADER_BYTES = 16_384
const LULL_MS = 250

async function createParts<C extends object>(
  options: ServerOptions<C>,
  executor: Executor<C>,
  documents: Documents,
  isDraining: () => boolean,
): Promise<Parts> {
  const { log, limits, playground } = options
  const metrics = options.metrics ? createMetrics() : null
  const origins = new Set(options.allowedOrigins)
  const report = (requestId: string, error: unknown) => logFault(log, { requestId }, error)
  const run = { server: options, executor, report }
  const route = createRouter({
    graphql: createGraphQLHandler(options, documents, (ready) => runOperation(ready, run)),
    readiness: createReadiness({
      checks: options.readiness,
      deadlineMs: limits.readinessMs ?? READINESS_MS,
      isDraining,
      onFailure: (part, error) => logFault(log, { part }, error),
    }),
    metrics,
    playground: playground === null ? null : await createPlayground(playground, options),
    allowedOrigins: origins,
  })
  return { route, metrics, origins, isDraining }
}

function startHttp<C extends object>(options: ServerOptions<C>, parts: Parts): Server {
  const receiveMs = options.limits.receiveMs ?? RECEIVE_MS
  const listener = createListener(options, parts)
  const server = createHttpServer({
    headersTimeout: receiveMs,
    requestTimeout: receiveMs,
    connectionsCheckingInterval: Math.ceil(receiveMs / 10),
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Checked by the listener: Node's own answer has no body.
    requireHostHeader: false,
  })
  server.on('request', listener)
  // An expectation that we do not know is ignored (RFC 9110 §10.1.1); Node's own answer has no body.
  server.on('checkExpectation', listener)
  answerMalformedHttp(server)
  return server
}

function listenOn(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ url: string }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      const taken = (server.address() as AddressInfo).port
      resolve({ url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}` })
    })
  })
}

/** Callers first learn that their connections end; closing at once would reset those with a request on its way. */
async function drain(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return
  await setTimeout(Math.min(graceMs, LULL_MS))
  // One more turn, so that what has arrived by now is read: its connection is idle no longer.
  await setImmediate()
  const cutting = new AbortController()
  const closed = new Promise((resolve) => server.close(resolve))
  const cut = setTimeout(Math.max(0, graceMs - LULL_MS), undefined, cutting).then(
    () => {
      server.closeAllConnections()
    },
    () => undefined,
  )
  await closed
  cutting.abort()
  await cut
}

/**
 * Builds the HTTP server of the API: GraphQL at `/graphql`, `/healthz`, `/readyz`, and when turned on the
 * Playground and `/metrics`. Every answer is JSON with a stable code, but for the Playground's files.
 *
 * @throws when the schema is not valid or the Playground's directory cannot be read
 */
export async function createServer<C extends object>(options: ServerOptions<C>): Promise<SealpayServer> {
  let closing: Promise<void> | undefined
  const documents = createDocuments(options)
  const onFault = (error: Error) => logFault(options.log, { part: 'apollo' }, error)
  const executor = await startExecutor<C>({ ...options, documents, onFault })
  const parts = await createParts(options, executor, documents, () => closing !== undefined)
  const server = startHttp(options, parts)
  return {
    listen: (address) => listenOn(server, address),
    close: ({ graceMs }) => (closing ??= drain(server, graceMs).then(() => executor.stop())),
  }
}

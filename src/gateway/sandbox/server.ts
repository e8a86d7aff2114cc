import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { browserRoutes } from './browser-routes.ts'
import { controlRoutes } from './control-routes.ts'
import { createFaults } from './faults.ts'
import { createHandler } from './handler.ts'
import { paymentRoutes } from './payment-routes.ts'
import { createRequestLog } from './request-log.ts'
import type { Sandbox } from './route.ts'
import { openStore } from './store.ts'

export interface SandboxOptions {
  readonly host: string
  /** 0 takes any that is free. */
  readonly port: number
  /** The journal (NDJSON, mode 0600); null keeps everything in memory. */
  readonly storeFile: string | null
  /** What the API authenticates with. 16 characters or more, visible ASCII. */
  readonly secretKey: string
  /** Where browsers find it, when that is not `http://host:port`. */
  readonly publicUrl?: string
  /** Milliseconds since the epoch; `POST /test/advance` adds to it. */
  readonly now?: () => number
  /** Milliseconds that each request takes at least. */
  readonly latency?: number
}

export interface RunningSandbox {
  /** Where the API finds it. */
  readonly url: string
  /** Where browsers find it: the origin of the hosted fields. */
  readonly publicUrl: string
  /** Cuts every connection and closes the store. */
  close(): Promise<void>
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

/**
 * Starts the sandbox gateway: a payment gateway that moves no money, remembers what it did over restarts, takes
 * published test cards alone (`testCards`) and fails when it is asked to.
 *
 * @throws when the port is taken, the journal is damaged or the secret key is too weak
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { host, port, storeFile, secretKey, now = Date.now, latency = 0 } = options
  if (!/^[\x21-\x7e]{16,}$/.test(secretKey)) {
    throw new TypeError('The secret key of the sandbox must have 16 or more visible ASCII characters.')
  }
  const store = openStore(storeFile)
  let publicUrl = ''
  const sandbox: Sandbox = {
    store,
    secretKey,
    faults: createFaults(),
    log: createRequestLog(),
    now: () => now() + store.clockAheadMs,
    ownOrigin: () => new URL(publicUrl).origin,
  }
  const handle = createHandler(sandbox, [...paymentRoutes, ...controlRoutes, ...browserRoutes()], latency)
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  try {
    await listen(server, host, port)
  } catch (error) {
    store.close()
    throw error
  }
  const url = urlOf(server, host)
  publicUrl = options.publicUrl ?? url
  return {
    url,
    publicUrl,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      store.close()
    },
  }
}

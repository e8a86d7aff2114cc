/** A sandbox gateway of a test's own, with what the tests of the domain do to it from outside. */
import { randomBytes } from 'node:crypto'
import type { GatewayPaymentState } from '../../src/gateway/gateway.ts'
import { startSandbox } from '../../src/gateway/sandbox/server.ts'
import { createSandboxGateway } from '../../src/gateway/sandbox.ts'

const TIMEOUT_MS = 10_000
const BILLING_ADDRESS = { streetAddress: '1 Kite Street', locality: 'Leeds', countryCode: 'GB' }

interface Logged {
  readonly path: string
  readonly idempotencyKey: string | null
}

/** Starts a sandbox in memory. */
export async function openDomainSandbox() {
  const secretKey = randomBytes(24).toString('base64url')
  const running = await startSandbox({ host: '127.0.0.1', port: 0, storeFile: null, secretKey })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secretKey}` }
  const control = async (path: string, body?: object): Promise<unknown> => {
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await fetch(`${running.url}${path}`, init)
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return response.json()
  }
  const connect = (timeoutMs: number) => createSandboxGateway({ url: running.url, secretKey, timeoutMs })
  return {
    gateway: connect(TIMEOUT_MS),
    /** The same sandbox, by a client of less patience. */
    connect,
    /** A single-use token of a test card, by the sandbox's id for it. */
    token: async (card = 'visa', cardholderName = 'Alex Morgan'): Promise<string> => {
      const made = await control('/test/tokens', { card, cardholderName, billingAddress: BILLING_ADDRESS })
      return (made as { readonly token: string }).token
    },
    /** Moves a payment or a refund on, as time or a processor would. */
    advance: async (reference: string, state: GatewayPaymentState): Promise<void> => {
      await (state === 'AUTHORIZATION_EXPIRED'
        ? control('/test/expire', { reference })
        : control('/test/settle', { reference, state }))
    },
    /** How many movements of money the sandbox was asked for, each counted once however often it was sent. */
    moves: async (): Promise<number> => {
      const { requests } = (await control('/log')) as { readonly requests: readonly Logged[] }
      const moving = requests.filter(({ path }) => path.startsWith('/payments'))
      return new Set(moving.map(({ idempotencyKey }) => idempotencyKey)).size
    },
    close: () => running.close(),
  }
}

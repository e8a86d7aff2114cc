import { GatewayUnavailable } from '../errors.ts'

export interface SandboxClientOptions {
  readonly url: string
  readonly secretKey: string
  /** The deadline of a call, its second try included. */
  readonly timeoutMs: number
  readonly fetch?: typeof fetch
}

/** The parsed answer; null for "not found". */
export interface SandboxClient {
  readonly get: (path: string) => Promise<unknown>
  readonly post: (path: string, body: unknown, idempotencyKey?: string) => Promise<unknown>
}

/** A fault without the request, the answer or a header in it: the cause is a word of ours. */
const unavailable = (why: string) => new GatewayUnavailable(undefined, { cause: new Error(why) })

/** The code of a failed connection (`ECONNREFUSED`), which is no secret. */
function connectionFault(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : 'CONNECTION_FAILED'
}

async function parse(response: Response): Promise<unknown> {
  const text = await response.text()
  // The sandbox's own "not found", and not that of something that stands in its place.
  const answer = JSON.parse(text) as { readonly error?: { readonly code?: unknown } } | null
  if (response.status === 404 && answer?.error?.code === 'not_found') return null
  if (!response.ok || answer === null) throw unavailable(`HTTP ${response.status}`)
  return answer
}

type Send = (signal: AbortSignal) => Promise<unknown>

/** One try, and one more when the connection fails, both within one deadline. */
async function withinDeadline(timeoutMs: number, send: Send): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs)
  for (let isLast = false; ; isLast = true) {
    try {
      return await send(signal)
    } catch (error) {
      if (error instanceof GatewayUnavailable) throw error
      if (signal.aborted) throw unavailable('TIMEOUT')
      if (error instanceof SyntaxError) throw unavailable('NOT_JSON')
      if (isLast) throw unavailable(connectionFault(error))
    }
  }
}

/** @throws {TypeError} when the URL or the secret key cannot be used; neither is repeated */
export function createSandboxClient(options: SandboxClientOptions): SandboxClient {
  const { url, secretKey, timeoutMs, fetch: send = fetch } = options
  if (!URL.canParse(url)) throw new TypeError('The URL of the sandbox gateway is not a URL.')
  // Also because fetch repeats a header's value when it cannot be sent.
  if (!/^[\x21-\x7e]+$/.test(secretKey))
    throw new TypeError('The secret key of the sandbox gateway is not valid.')
  const base = url.replace(/\/+$/, '')
  const authorization = `Bearer ${secretKey}`
  const call = (path: string, init: RequestInit) =>
    withinDeadline(timeoutMs, async (signal) => {
      return parse(await send(`${base}${path}`, { ...init, signal, redirect: 'error' }))
    })
  return {
    get: (path) => call(path, { headers: { authorization } }),
    post: (path, body, idempotencyKey) =>
      call(path, {
        method: 'POST',
        headers: {
          authorization,
          'content-type': 'application/json',
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
        body: JSON.stringify(body),
      }),
  }
}

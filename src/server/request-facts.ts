import { BadUserInput, Unauthenticated } from '../errors.ts'
import type { Exchange } from './exchange.ts'
import type { RequestFacts } from './options.ts'

const MAX_REASON = 200
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/
const PRINTABLE = /^[^\p{Cc}\p{Cs}\p{Co}\p{Cn}]+$/u

/** Node gives header bytes as Latin-1; people write reasons in UTF-8. */
function decodeReason(header: string): string {
  return Buffer.from(header, 'latin1').toString('utf8').trim()
}

function reasonOf(header: string | string[] | undefined): string | null {
  if (header === undefined || header === '') return null
  const reason = typeof header === 'string' ? decodeReason(header) : ''
  if (!PRINTABLE.test(reason) || reason.includes('\ufffd') || reason.length > MAX_REASON) {
    throw new BadUserInput(`X-Access-Reason must be one printable text of at most ${MAX_REASON} characters.`)
  }
  return reason
}

function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null
  if (typeof header !== 'string' || !IDEMPOTENCY_KEY.test(header)) {
    throw new BadUserInput('Idempotency-Key must be one text of at most 255 visible ASCII characters.')
  }
  return header
}

/**
 * The `Authorization` header. Node keeps the first of several, and a proxy may have checked another one:
 * two are refused.
 *
 * @throws {Unauthenticated}
 */
export function authorizationOf({ request }: Exchange): string | undefined {
  const { authorization } = request.headers
  if (authorization === undefined) return undefined
  if ((request.headersDistinct['authorization']?.length ?? 0) > 1) throw new Unauthenticated()
  return authorization
}

/** Facts whose signal costs nothing until a resolver reads it. */
export function factsOf(exchange: Exchange, operationName: string | null): RequestFacts & { abort(): void } {
  let controller: AbortController | undefined
  let aborted = false
  return {
    requestId: exchange.requestId,
    operationName,
    reason: reasonOf(exchange.request.headers['x-access-reason']),
    idempotencyKey: idempotencyKeyOf(exchange.request.headers['idempotency-key']),
    get signal() {
      controller ??= new AbortController()
      if (aborted) controller.abort()
      return controller.signal
    },
    abort() {
      aborted = true
      controller?.abort()
    },
  }
}

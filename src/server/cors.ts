import type { Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { BadUserInput } from '../errors.ts'
import { JSON_TYPE } from './media-type.ts'

const METHODS = 'GET, POST, OPTIONS'
const REQUEST_HEADERS = [
  'authorization',
  'content-type',
  'idempotency-key',
  'x-access-reason',
  'x-request-id',
  'apollo-require-preflight',
].join(', ')
/** What a page must send with a GET, so that a browser asks us first (a form or an image cannot send it). */
const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name'] as const

/** The CORS headers of an answer: none for an origin that is not on the list. */
export function corsHeaders(
  { request }: Exchange,
  allowed: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  if (allowed.size === 0) return {}
  const { origin } = request.headers
  if (origin === undefined || !allowed.has(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-request-id',
  }
}

/** Answers a browser that asks whether a page of another origin may call. */
export function answerPreflight(exchange: Exchange, allowed: ReadonlySet<string>): Answer {
  const headers = corsHeaders(exchange, allowed)
  if (headers['access-control-allow-origin'] === undefined) {
    return { status: 204, type: JSON_TYPE, body: '', headers: { ...headers, allow: METHODS } }
  }
  return {
    status: 204,
    type: JSON_TYPE,
    body: '',
    headers: {
      ...headers,
      allow: METHODS,
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': REQUEST_HEADERS,
      'access-control-max-age': '600',
    },
  }
}

/**
 * Refuses a GET that any page could make a browser send. A POST needs no such header: its content type
 * cannot be sent across origins without asking first.
 */
export function requirePreflight({ request }: Exchange): void {
  const asked = PREFLIGHT_HEADERS.some((name) => (request.headers[name] ?? '') !== '')
  if (asked || request.headers['content-type'] === 'application/json') return
  throw new BadUserInput(
    'A GET needs the header Apollo-Require-Preflight: true, against cross-site request forgery.',
  )
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'

/** How long a body that nobody wants is read on, so that its sender gets to read the answer. */
const LINGER_MS = 1000

/** For every answer: nothing here may be cached, sniffed, framed, embedded or told to another site. */
const ALWAYS = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
] as const
const CACHE = 'no-store'
const CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'"
/** Two years, as the preload list asks (RFC 6797). */
const HSTS = 'max-age=63072000; includeSubDomains'

export interface SendOptions {
  readonly hsts: boolean
  /** Whether connections are to end, so that the process can. */
  readonly isDraining: () => boolean
}

/** Closes only once the body has been read, or time is up: closing earlier resets the connection under the answer. */
function endAfterBody(request: IncomingMessage, response: ServerResponse): void {
  const end = () => {
    clearTimeout(timer)
    if (!response.writableEnded) response.end()
  }
  const timer = setTimeout(end, LINGER_MS)
  request.once('end', end).once('close', end)
  request.on('data', () => undefined).resume()
}

function headersOf(answer: Answer, exchange: Exchange, close: boolean, hsts: boolean): string[] {
  const headers = ['x-request-id', exchange.requestId]
  if (answer.status !== 204) {
    headers.push('content-type', answer.type, 'content-length', String(Buffer.byteLength(answer.body)))
  }
  for (const [name, value] of ALWAYS) headers.push(name, value)
  const own = answer.headers ?? {}
  if (own['cache-control'] === undefined) headers.push('cache-control', CACHE)
  if (own['content-security-policy'] === undefined) headers.push('content-security-policy', CONTENT_POLICY)
  if (hsts) headers.push('strict-transport-security', HSTS)
  if (close) headers.push('connection', 'close')
  for (const name in own) headers.push(name, own[name] ?? '')
  return headers
}

/** Writes an answer in one piece; does nothing when the caller has hung up. */
export function sendAnswer(answer: Answer, exchange: Exchange, options: SendOptions): void {
  const { request, response } = exchange
  if (response.destroyed || response.headersSent) return
  const unread = !request.complete
  const close = unread || options.isDraining()
  response.writeHead(answer.status, headersOf(answer, exchange, close, options.hsts))
  if (!unread) {
    response.end(answer.body)
    return
  }
  response.write(answer.body)
  endAfterBody(request, response)
}

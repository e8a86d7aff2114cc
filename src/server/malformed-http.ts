/** Answers what never becomes a request, since it is not HTTP or does not arrive in time, in JSON too. */
import { randomUUID } from 'node:crypto'
import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { formatError } from './format-error.ts'
import { JSON_TYPE } from './media-type.ts'
import { HttpRefusal } from './refusal.ts'

function refusalOf(code: string | undefined): HttpRefusal {
  const large = { code: 'QUERY_TOO_COMPLEX', errorClass: 'RESOURCE_LIMIT' } as const
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HttpRefusal(431, 'The headers are too large.', large)
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new HttpRefusal(413, 'The body is too large.', large)
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpRefusal(408, 'The request did not arrive in time.')
    default:
      return new HttpRefusal(400, 'The request is not valid HTTP.')
  }
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
}

function rawAnswer(refusal: HttpRefusal): string {
  const requestId = randomUUID()
  const body = JSON.stringify({ errors: [formatError(refusal, requestId)] })
  const own = Object.entries(refusal.headers).map(([name, value]) => `${name}: ${value}`)
  return [
    `HTTP/1.1 ${refusal.status} ${REASONS[refusal.status] ?? ''}`,
    `content-type: ${JSON_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'connection: close',
    ...own,
    '',
    body,
  ].join('\r\n')
}

/**
 * Makes a server answer malformed HTTP. While another answer is still owed on the same connection nothing is
 * written, since the caller would take it for that answer.
 */
export function answerMalformedHttp(server: Server): void {
  const owed = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (request, response) => {
    owed.set(request.socket, response)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const response = owed.get(socket)
    const isOwed = response !== undefined && !response.writableFinished
    const isItsBody = isOwed && !response.req.complete && !response.headersSent
    if (!socket.writable || error.code === 'ECONNRESET' || (isOwed && !isItsBody)) {
      socket.destroy()
      return
    }
    socket.end(rawAnswer(refusalOf(error.code)), () => socket.destroy())
  })
  server.on('connect', (_request, socket) => {
    const refusal = new HttpRefusal(405, 'This is not a proxy.', { headers: { allow: 'GET, POST, OPTIONS' } })
    socket.end(rawAnswer(refusal), () => socket.destroy())
  })
}

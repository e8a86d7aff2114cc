import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ErrorCode } from '../errors.ts'
import { JSON_TYPE } from './media-type.ts'

/** What the log and the metrics may know of a request. */
export interface Outcome {
  operationName: string | null
  operationType: 'query' | 'mutation' | 'subscription' | null
  codes: readonly ErrorCode[]
}

/** One request and its answer on their way through the server. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly path: string
  /** What follows the `?`; empty without one. */
  readonly search: string
  /** `performance.now()` when the headers had arrived. */
  readonly startedAt: number
  readonly outcome: Outcome
  /** The content type that its answer has, an error's too: what the caller accepts, once that is read. */
  answerType: string
}

/** UUIDs and the hexadecimal ids of proxies: nothing that could carry words or a name into the log. */
const REQUEST_ID = /^[0-9a-fA-F-]{16,64}$/

/** Takes over the caller's request id when it is one and holds no card number; makes one otherwise. */
function chooseRequestId(
  given: string | string[] | undefined,
  isCardNumber: (text: string) => boolean,
): string {
  const usable = typeof given === 'string' && REQUEST_ID.test(given) && !isCardNumber(given)
  return usable ? given : randomUUID()
}

export function openExchange(
  request: IncomingMessage,
  response: ServerResponse,
  isCardNumber: (text: string) => boolean,
): Exchange {
  const url = request.url ?? ''
  const mark = url.indexOf('?')
  return {
    request,
    response,
    requestId: chooseRequestId(request.headers['x-request-id'], isCardNumber),
    path: mark === -1 ? url : url.slice(0, mark),
    search: mark === -1 ? '' : url.slice(mark + 1),
    startedAt: performance.now(),
    outcome: { operationName: null, operationType: null, codes: [] },
    answerType: JSON_TYPE,
  }
}

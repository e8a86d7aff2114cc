import type { IncomingMessage, ServerResponse } from 'node:http'
import { BadUserInput, Unauthenticated } from '../errors.ts'
import { errorAnswer, type Answer } from './answer.ts'
import { CardNumberFound, refuseInHead } from './card-number-guard.ts'
import { withDeadline } from './deadline.ts'
import { DocumentRefused } from './documents.ts'
import { openExchange, type Exchange } from './exchange.ts'
import { isFault } from './format-error.ts'
import type { Metrics } from './metrics.ts'
import type { ServerOptions } from './options.ts'
import { logFault, logRequest } from './request-log.ts'
import { withCors, type Handler } from './routes.ts'
import { sendAnswer } from './send-answer.ts'

export interface Parts {
  readonly route: (exchange: Exchange) => Handler
  readonly metrics: Metrics | null
  readonly origins: ReadonlySet<string>
  readonly isDraining: () => boolean
}

/** What the audit must hold of a request that came to nothing: a card number, or a token that is not accepted. */
function storeRefusal<C extends object>(
  thrown: unknown,
  { requestId, request }: Exchange,
  { audit }: ServerOptions<C>,
): Promise<void> | undefined {
  if (thrown instanceof CardNumberFound) return audit.cardNumberRefused({ requestId, place: thrown.place })
  const hadToken = request.headers.authorization !== undefined
  if (thrown instanceof Unauthenticated && hadToken) return audit.authenticationFailed({ requestId })
  return undefined
}

async function recordRefusal<C extends object>(
  thrown: unknown,
  exchange: Exchange,
  options: ServerOptions<C>,
): Promise<void> {
  try {
    const stored = storeRefusal(thrown, exchange, options)
    if (stored !== undefined)
      await withDeadline(stored, options.limits.auditMs, () => new Error('the audit took too long'))
  } catch (error) {
    logFault(options.log, { requestId: exchange.requestId }, error)
  }
}

/** Turns what was thrown into an answer: what the audit must hold is recorded first, a fault of ours is logged. */
async function answerFailure<C extends object>(
  thrown: unknown,
  exchange: Exchange,
  options: ServerOptions<C>,
): Promise<Answer> {
  await recordRefusal(thrown, exchange, options)
  const ours = !(thrown instanceof DocumentRefused) && isFault(thrown)
  if (ours) logFault(options.log, { requestId: exchange.requestId }, thrown)
  return errorAnswer(thrown, exchange)
}

function route<C extends object>(
  exchange: Exchange,
  options: ServerOptions<C>,
  parts: Parts,
): Answer | Promise<Answer> {
  const { request } = exchange
  refuseInHead(exchange, options)
  if (request.headers.host === undefined && request.httpVersion === '1.1') {
    throw new BadUserInput('The Host header is missing.')
  }
  return parts.route(exchange)(exchange)
}

async function serve<C extends object>(
  exchange: Exchange,
  options: ServerOptions<C>,
  parts: Parts,
): Promise<void> {
  let answer: Answer
  try {
    answer = await route(exchange, options, parts)
  } catch (error) {
    answer = await answerFailure(error, exchange, options)
  }
  sendAnswer(withCors(answer, exchange, parts.origins), exchange, {
    hsts: options.hsts,
    isDraining: parts.isDraining,
  })
  if (exchange.path === '/graphql') parts.metrics?.observe(exchange)
  // Probes and files that went well are not worth a line.
  if (exchange.path === '/graphql' || answer.status >= 400) logRequest(options.log, exchange, answer.status)
}

/** What the HTTP server calls for each request. */
export function createListener<C extends object>(
  options: ServerOptions<C>,
  parts: Parts,
): (request: IncomingMessage, response: ServerResponse) => void {
  const isCardNumber = options.containsCardNumber
  return (request, response) => {
    const exchange = openExchange(request, response, isCardNumber)
    serve(exchange, options, parts).catch((error: unknown) => {
      logFault(options.log, { requestId: exchange.requestId }, error)
      response.destroy()
    })
  }
}

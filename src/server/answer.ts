import { InternalError, type SealpayError } from '../errors.ts'
import { DocumentRefused } from './documents.ts'
import type { Exchange, Outcome } from './exchange.ts'
import { formatError, publicErrorOf, type AnswerError } from './format-error.ts'
import { JSON_TYPE } from './media-type.ts'
import { HttpRefusal, statusOf } from './refusal.ts'

/** What is sent. Never compressed: with a value that a caller chose beside an opened one, the length would tell (BREACH). */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, type: JSON_TYPE, body: JSON.stringify(value) }
}

function headersOf(error: SealpayError): Readonly<Record<string, string>> {
  if (error instanceof HttpRefusal) return error.headers
  return error.code === 'UNAUTHENTICATED' ? { 'www-authenticate': 'Bearer' } : {}
}

/** Tells the log which codes an answer has, each once. */
export function noteCodes(outcome: Outcome, errors: readonly AnswerError[]): void {
  outcome.codes = [...new Set(errors.map((error) => error.extensions.code))]
}

/** The answer to a request that is refused or fails as a whole: errors, and no `data`. */
export function errorAnswer(thrown: unknown, { requestId, outcome, answerType }: Exchange): Answer {
  const causes = thrown instanceof DocumentRefused ? thrown.errors : [thrown]
  const errors = causes.map((cause) => formatError(cause, requestId))
  noteCodes(outcome, errors)
  const first = publicErrorOf(causes[0]) ?? new InternalError()
  return {
    status: statusOf(first),
    type: answerType,
    body: JSON.stringify({ errors }),
    headers: headersOf(first),
  }
}

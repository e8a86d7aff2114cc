/**
 * What may be logged, as a list of fields: a list of what to leave out is never complete, and a message
 * may hold any value. A line is made of ids, names and numbers of ours; nothing is logged as it came.
 */
import type { ErrorCode } from '../errors.ts'
import type { Exchange } from './exchange.ts'
import type { ServerOptions } from './options.ts'

type Log = ServerOptions<object>['log']

const MAX_NAME = 64
const MAX_FRAMES = 12
const MAX_CAUSES = 4
const WORD = /^\w{1,64}$/
const FRAME =
  /^ {4}at (?:(?:async |new )?[\w$.<>[\] ]{1,120} \()?(?:file:\/\/|node:|\/)[^\s()]{1,300}:\d+:\d+\)?$/

interface RequestLine {
  readonly requestId: string
  readonly operationName: string | null
  readonly operationType: string | null
  readonly codes: readonly ErrorCode[]
  readonly status: number
  readonly ms: number
}

/** One line for one request. */
export function logRequest(log: Log, exchange: Exchange, status: number): void {
  const { requestId, startedAt, outcome } = exchange
  const line: RequestLine = {
    requestId,
    operationName: outcome.operationName?.slice(0, MAX_NAME) ?? null,
    operationType: outcome.operationType,
    codes: outcome.codes,
    status,
    ms: Math.round((performance.now() - startedAt) * 100) / 100,
  }
  log.info(line, 'request')
}

const word = (value: unknown): string | undefined =>
  typeof value === 'string' && WORD.test(value) ? value : undefined

/** The frames after the message. Where the message is not found, no frame is certain to be one, and none is logged. */
function framesOf({ stack, message }: Error): readonly string[] {
  const start = stack?.indexOf(message) ?? -1
  if (stack === undefined || start === -1) return []
  const lines = stack.slice(start + message.length).split('\n')
  return lines
    .filter((line) => FRAME.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => line.trim())
}

interface Fault {
  readonly name: string | undefined
  readonly code: string | undefined
  readonly frames: readonly string[]
}

function describeFault(error: unknown): Fault {
  if (!(error instanceof Error)) return { name: typeof error, code: undefined, frames: [] }
  const code = 'code' in error ? word(error.code) : undefined
  return { name: word(error.name), code, frames: framesOf(error) }
}

/** An error of ours, by class, code and place, with what caused it; never by its message. */
export function logFault(
  log: Log,
  where: { readonly requestId: string } | { readonly part: string },
  error: unknown,
): void {
  const faults: Fault[] = []
  let current = error
  while (current != null && faults.length < MAX_CAUSES) {
    faults.push(describeFault(current))
    current = current instanceof Error ? current.cause : undefined
  }
  log.error({ ...where, faults }, 'fault')
}

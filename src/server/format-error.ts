/**
 * The only place where an error becomes something that a caller sees. It is an allow-list: a
 * `SealpayError` leaves with its message and code; whatever else was thrown becomes
 * INTERNAL_SERVER_ERROR with a constant message, and is known to the log alone.
 */
import { GraphQLError } from 'graphql'
import { BadUserInput, InternalError, SealpayError, type ErrorClass, type ErrorCode } from '../errors.ts'

/** An error as it leaves: GraphQL's own members, and of extensions these four and nothing else. */
export interface AnswerError {
  readonly message: string
  readonly locations?: readonly { readonly line: number; readonly column: number }[]
  readonly path?: readonly (string | number)[]
  readonly extensions: {
    readonly code: ErrorCode
    readonly errorClass: ErrorClass
    readonly retryable: boolean
    readonly requestId: string
  }
}

const MAX_WRAPS = 8
const MISSING_ARGUMENT = /^Argument "(\w+)" of (?:required|non-null) type "([\w[\]!]+)"/
const INVALID_ARGUMENT = /^Argument "(\w+)" has invalid value /

/** What graphql-js and Apollo wrapped, at the bottom of `originalError`. */
export function originalOf(error: unknown): unknown {
  let current = error
  for (let wraps = 0; wraps < MAX_WRAPS; wraps += 1) {
    if (!(current instanceof GraphQLError) || current.originalError == null) return current
    current = current.originalError
  }
  return current
}

/** graphql-js finds some faults of arguments only while it executes, and prints the value. Rebuilt from schema names. */
function describeArgument(error: unknown): SealpayError | undefined {
  if (!(error instanceof GraphQLError)) return undefined
  const missing = MISSING_ARGUMENT.exec(error.message)
  if (missing !== null) {
    return new BadUserInput(`Argument "${String(missing[1])}" needs a value of type ${String(missing[2])}.`)
  }
  const invalid = INVALID_ARGUMENT.exec(error.message)
  return invalid === null
    ? undefined
    : new BadUserInput(`Argument "${String(invalid[1])}" has an invalid value.`)
}

/** The error that may be told, or undefined when nothing of it may. */
export function publicErrorOf(error: unknown): SealpayError | undefined {
  const original = originalOf(error)
  return original instanceof SealpayError ? original : describeArgument(original)
}

/** Whether an error is a matter for whoever runs the service, rather than for the caller. */
export function isFault(error: unknown): boolean {
  const shown = publicErrorOf(error)
  return shown === undefined || shown.errorClass === 'INTERNAL' || shown.errorClass === 'SERVICE_AVAILABILITY'
}

/** Shapes one error for the answer. */
export function formatError(error: unknown, requestId: string): AnswerError {
  const shown = publicErrorOf(error) ?? new InternalError()
  const place = error instanceof GraphQLError ? error : undefined
  return {
    message: shown.message,
    ...(place?.locations === undefined ? {} : { locations: place.locations }),
    ...(place?.path === undefined ? {} : { path: place.path }),
    extensions: {
      code: shown.code,
      errorClass: shown.errorClass,
      retryable: shown.retryable,
      requestId,
    },
  }
}

import { PrismaClientKnownRequestError, PrismaClientValidationError } from '@prisma/client/runtime/client'

/** What PostgreSQL said, as the driver adapter hands it on. */
interface DriverError {
  readonly cause?: { readonly originalCode?: string; detail?: unknown }
}

/** SQLSTATE class 22, data exceptions: their messages quote the value (`invalid input syntax for type integer: "..."`). */
const QUOTES_VALUE = /^22/

/**
 * An error of Prisma without the values that it carries: in whatever format, Prisma prints the arguments of a query that it
 * finds invalid, and PostgreSQL hands over the failing row. Its class and code stay.
 */
export function withoutValues(error: unknown, query: string): unknown {
  if (error instanceof PrismaClientValidationError) {
    const { clientVersion } = error
    return new PrismaClientValidationError(`Invalid \`${query}\`: ${blamed(error.message)}`, {
      clientVersion,
    })
  }
  if (!(error instanceof PrismaClientKnownRequestError)) return error
  const driverError = error.meta?.['driverAdapterError'] as DriverError | undefined
  if (driverError?.cause === undefined) return error
  driverError.cause.detail = undefined
  const { originalCode = '' } = driverError.cause
  return QUOTES_VALUE.test(originalCode) ? withoutMessage(error, query, originalCode) : error
}

function withoutMessage(error: PrismaClientKnownRequestError, query: string, state: string): Error {
  const { code, clientVersion, batchRequestIdx } = error
  return new PrismaClientKnownRequestError(`\`${query}\` failed: data exception, SQLSTATE ${state}.`, {
    code,
    clientVersion,
    ...(batchRequestIdx !== undefined && { batchRequestIdx }),
  })
}

/** Which argument is wrong, out of the last paragraph: the arguments are printed before it. */
function blamed(message: string): string {
  const last = message.split('\n\n').at(-1) ?? ''
  return /^[A-Z][a-z ]*`\w+`/.exec(last)?.[0] ?? 'an argument is wrong or missing'
}

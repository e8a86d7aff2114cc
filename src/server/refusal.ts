import { SealpayError, type ErrorClass, type ErrorCode } from '../errors.ts'

/** A request that is refused for its HTTP form, with the status that RFC 9110 gives it. */
export class HttpRefusal extends SealpayError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    message: string,
    more: { code?: ErrorCode; errorClass?: ErrorClass; headers?: Record<string, string> } = {},
  ) {
    super(more.code ?? 'BAD_USER_INPUT', more.errorClass ?? 'VALIDATION', message)
    this.status = status
    this.headers = more.headers ?? {}
  }
}

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  GATEWAY_UNAVAILABLE: 503,
  KMS_UNAVAILABLE: 503,
}

/** The HTTP status of a request that is refused as a whole; 400 for every fault of the request itself. */
export function statusOf(error: SealpayError): number {
  if (error instanceof HttpRefusal) return error.status
  if (error.errorClass === 'SERVICE_AVAILABILITY') return 503
  return STATUS[error.code] ?? 400
}

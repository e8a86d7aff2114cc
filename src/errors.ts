/**
 * The errors that a caller may see: one class per code of the contract. Whatever else is thrown
 * becomes INTERNAL_SERVER_ERROR, and its message stays inside (see server/format-error.ts).
 *
 * A message never repeats a value that the caller sent.
 */

export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'INVALID_TRANSITION'
  | 'CARD_NUMBER_REFUSED'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'IDEMPOTENCY_IN_PROGRESS'
  | 'RATE_LIMITED'
  | 'QUERY_TOO_COMPLEX'
  | 'GATEWAY_UNAVAILABLE'
  | 'KMS_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

/** Braintree's coarse classes, so that a client written for it sorts ours too. */
export type ErrorClass =
  | 'AUTHENTICATION'
  | 'AUTHORIZATION'
  | 'INTERNAL'
  | 'NOT_FOUND'
  | 'RESOURCE_LIMIT'
  | 'SERVICE_AVAILABILITY'
  | 'VALIDATION'

/** An error with a stable code, safe to show to the caller. */
export class SealpayError extends Error {
  readonly code: ErrorCode
  readonly errorClass: ErrorClass
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean

  constructor(
    code: ErrorCode,
    errorClass: ErrorClass,
    message: string,
    options?: ErrorOptions & { retryable?: boolean },
  ) {
    super(message, options)
    this.name = new.target.name
    this.code = code
    this.errorClass = errorClass
    this.retryable = options?.retryable ?? false
  }
}

/** No principal: the token or certificate is missing or not accepted. One message for every cause. */
export class Unauthenticated extends SealpayError {
  constructor(options?: ErrorOptions) {
    super('UNAUTHENTICATED', 'AUTHENTICATION', 'Authentication is required.', options)
  }
}

/** The principal's roles do not reach this. */
export class Forbidden extends SealpayError {
  constructor(message = 'Your roles do not allow this.', options?: ErrorOptions) {
    super('FORBIDDEN', 'AUTHORIZATION', message, options)
  }
}

/** The input is wrong; the message says which field and why, never its value. */
export class BadUserInput extends SealpayError {
  constructor(message: string, options?: ErrorOptions) {
    super('BAD_USER_INPUT', 'VALIDATION', message, options)
  }
}

/** Not there, or not the caller's: deliberately the same answer. */
export class NotFound extends SealpayError {
  constructor(what: string, options?: ErrorOptions) {
    super('NOT_FOUND', 'NOT_FOUND', `No such ${what}.`, options)
  }
}

/** Another change got in first. */
export class Conflict extends SealpayError {
  constructor(message: string, options?: ErrorOptions & { retryable?: boolean }) {
    super('CONFLICT', 'VALIDATION', message, options)
  }
}

/** The payment's status does not allow this step. */
export class InvalidTransition extends SealpayError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_TRANSITION', 'VALIDATION', message, options)
  }
}

/** The request carries a card number; it is refused before it is parsed further (PCI DSS 3.2, 3.3). */
export class CardNumberRefused extends SealpayError {
  constructor(options?: ErrorOptions) {
    super(
      'CARD_NUMBER_REFUSED',
      'VALIDATION',
      'The request contains a card number. Send it to the gateway and use its token here.',
      options,
    )
  }
}

/** The idempotency key was used with another input. */
export class IdempotencyKeyReused extends SealpayError {
  constructor(options?: ErrorOptions) {
    super(
      'IDEMPOTENCY_KEY_REUSED',
      'VALIDATION',
      'This idempotency key was used with another input.',
      options,
    )
  }
}

/** The first request with this idempotency key is still running. */
export class IdempotencyInProgress extends SealpayError {
  constructor(options?: ErrorOptions) {
    super(
      'IDEMPOTENCY_IN_PROGRESS',
      'VALIDATION',
      'A request with this idempotency key is still running. Repeat it later.',
      { ...options, retryable: true },
    )
  }
}

/** The caller asks too often. */
export class RateLimited extends SealpayError {
  constructor(options?: ErrorOptions) {
    super('RATE_LIMITED', 'RESOURCE_LIMIT', 'Too many requests. Repeat it later.', {
      ...options,
      retryable: true,
    })
  }
}

/** The document or its variables are larger than the limits allow. */
export class QueryTooComplex extends SealpayError {
  constructor(message: string, options?: ErrorOptions) {
    super('QUERY_TOO_COMPLEX', 'RESOURCE_LIMIT', message, options)
  }
}

/** The gateway did not answer, or its answer is not known yet. */
export class GatewayUnavailable extends SealpayError {
  constructor(
    message = 'The payment gateway did not answer. Repeat the request with the same idempotency key.',
    options?: ErrorOptions,
  ) {
    super('GATEWAY_UNAVAILABLE', 'SERVICE_AVAILABILITY', message, { ...options, retryable: true })
  }
}

/** The KMS did not answer, and the key is not in memory. */
export class KmsUnavailable extends SealpayError {
  constructor(options?: ErrorOptions) {
    super('KMS_UNAVAILABLE', 'SERVICE_AVAILABILITY', 'The key service did not answer. Repeat it later.', {
      ...options,
      retryable: true,
    })
  }
}

/** A fault of ours, without its details. */
export class InternalError extends SealpayError {
  constructor(message = 'Something went wrong on our side.', options?: ErrorOptions) {
    super('INTERNAL_SERVER_ERROR', 'INTERNAL', message, options)
  }
}

/** A sealed value does not open. One message for every cause, so that it is no oracle. Never shown to a caller. */
export class OpenFailed extends Error {
  override readonly name = 'OpenFailed'
  readonly code = 'ERR_OPEN_FAILED'

  constructor(options?: ErrorOptions) {
    super('A sealed value does not open.', options)
  }
}

/** A use of the Prisma client that cannot be made safe on a sealed column; the message says why and what to do. */
export class UnsafeSealedOperation extends Error {
  override readonly name = 'UnsafeSealedOperation'
  readonly code = 'ERR_UNSAFE_SEALED_OPERATION'
}

/** The schema's protection is declared wrongly; `faults` lists every place. The server does not start. */
export class SchemaFault extends Error {
  override readonly name = 'SchemaFault'
  readonly code = 'ERR_SCHEMA'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The schema is not safe to serve:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

/** The configuration is wrong; `faults` lists every variable and what to set. The server does not start. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault'
  readonly code = 'ERR_CONFIG'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The configuration is not complete:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

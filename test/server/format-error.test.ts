import { describe, expect, it } from '@jest/globals'
import { GraphQLError } from 'graphql'
import * as errors from '../../src/errors.ts'
import { formatError, isFault } from '../../src/server/format-error.ts'
import { HttpRefusal, statusOf } from '../../src/server/refusal.ts'

const SECRET = 'hunter2'
const wrapped = (originalError: Error) =>
  new GraphQLError(originalError.message, { originalError, path: ['a', 0, 'b'] })

describe('formatError', () => {
  it.each<[errors.SealpayError, string, string, boolean, number]>([
    [new errors.Unauthenticated(), 'UNAUTHENTICATED', 'AUTHENTICATION', false, 401],
    [new errors.Forbidden(), 'FORBIDDEN', 'AUTHORIZATION', false, 403],
    [new errors.BadUserInput('The amount is negative.'), 'BAD_USER_INPUT', 'VALIDATION', false, 400],
    [new errors.NotFound('customer'), 'NOT_FOUND', 'NOT_FOUND', false, 404],
    [new errors.Conflict('Taken.'), 'CONFLICT', 'VALIDATION', false, 400],
    [new errors.InvalidTransition('Not now.'), 'INVALID_TRANSITION', 'VALIDATION', false, 400],
    [new errors.CardNumberRefused(), 'CARD_NUMBER_REFUSED', 'VALIDATION', false, 400],
    [new errors.IdempotencyKeyReused(), 'IDEMPOTENCY_KEY_REUSED', 'VALIDATION', false, 400],
    [new errors.IdempotencyInProgress(), 'IDEMPOTENCY_IN_PROGRESS', 'VALIDATION', true, 400],
    [new errors.RateLimited(), 'RATE_LIMITED', 'RESOURCE_LIMIT', true, 429],
    [new errors.QueryTooComplex('Too deep.'), 'QUERY_TOO_COMPLEX', 'RESOURCE_LIMIT', false, 400],
    [new errors.GatewayUnavailable(), 'GATEWAY_UNAVAILABLE', 'SERVICE_AVAILABILITY', true, 503],
    [new errors.KmsUnavailable(), 'KMS_UNAVAILABLE', 'SERVICE_AVAILABILITY', true, 503],
    [new errors.InternalError(), 'INTERNAL_SERVER_ERROR', 'INTERNAL', false, 500],
    [new HttpRefusal(415, 'Not this.'), 'BAD_USER_INPUT', 'VALIDATION', false, 415],
  ])('tells %s as it is', (error, code, errorClass, retryable, status) => {
    const shown = { message: error.message, extensions: { code, errorClass, retryable, requestId: 'r1' } }
    expect(formatError(error, 'r1')).toEqual(shown)
    expect(formatError(wrapped(error), 'r1')).toEqual({ ...shown, path: ['a', 0, 'b'] })
    expect(formatError(wrapped(wrapped(wrapped(error))), 'r1')).toEqual({ ...shown, path: ['a', 0, 'b'] })
    expect(statusOf(error)).toBe(status)
  })

  const sly = new GraphQLError(SECRET, {
    extensions: { code: 'FORBIDDEN', secret: SECRET, http: { status: 200 } },
  })
  it.each<[string, unknown]>([
    ['an error', new Error(SECRET)],
    ['an error with a code', Object.assign(new Error(SECRET), { code: 'FORBIDDEN', errorClass: SECRET })],
    [
      'a class that looks like ours',
      Object.assign(new Error(SECRET), { name: 'SealpayError', code: 'BAD_USER_INPUT', retryable: true }),
    ],
    ['a sealed value that does not open', new errors.OpenFailed({ cause: new Error(SECRET) })],
    ['a wrong use of the database client', new errors.UnsafeSealedOperation(SECRET)],
    ['a GraphQL error that is not ours', sly],
    ['a wrapped GraphQL error that is not ours', new GraphQLError(SECRET, { originalError: sly })],
    [
      'a result that graphql-js could not print',
      new GraphQLError(`Int cannot represent non-integer value: "${SECRET}"`),
    ],
    ['an aggregate', new AggregateError([new errors.Forbidden()], SECRET)],
    ['a string', SECRET],
    ['an object', { message: SECRET, extensions: { code: SECRET } }],
    ['null', null],
    ['undefined', undefined],
  ])('tells nothing of %s', (_what, error) => {
    const shown = formatError(error, 'r1')
    expect(shown).toEqual({
      message: 'Something went wrong on our side.',
      extensions: {
        code: 'INTERNAL_SERVER_ERROR',
        errorClass: 'INTERNAL',
        retryable: false,
        requestId: 'r1',
      },
    })
    expect(isFault(error)).toBe(true)
  })

  it('never tells a cause', () => {
    const shown = formatError(new errors.KmsUnavailable({ cause: new Error(SECRET) }), 'r1')
    expect(JSON.stringify(shown)).not.toContain(SECRET)
  })

  it('gives up on an endless chain of wraps', () => {
    const loop = new GraphQLError(SECRET, { originalError: new Error(SECRET) })
    Object.defineProperty(loop, 'originalError', { value: loop })
    expect(formatError(loop, 'r1').extensions.code).toBe('INTERNAL_SERVER_ERROR')
  })
})

import { NotStrictJson, parseStrictObject, type JsonObject } from './strict-json.ts'
import { TokenRefused } from './refusals.ts'

/** A larger one is no access token; it is refused before anything is computed over it. */
export const MAX_TOKEN_LENGTH = 8192

const SCHEME = /^bearer /i

/**
 * The token of an `Authorization` header (RFC 6750 §2.1): the scheme in any case, one space, one token.
 * A list of several headers joined by a comma is no token.
 */
export function readBearer(authorization: string): string {
  if (authorization.length > MAX_TOKEN_LENGTH + 'Bearer '.length) throw new TokenRefused('TOO_LARGE')
  if (!SCHEME.test(authorization)) throw new TokenRefused('NOT_BEARER')
  return authorization.slice('Bearer '.length)
}

/**
 * Decodes base64url without its usual leniency: padding, white space, other alphabets and last characters
 * with unused bits set are refused, because what comes out must encode to the same text (RFC 4648 §3.5).
 */
export function decodeBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length > 0 && bytes.toString('base64url') === text ? bytes : null
}

/** The three decoded parts of a JWS in compact form (RFC 7515 §7.1). */
export interface Segments {
  readonly header: Buffer
  readonly payload: Buffer
  readonly signature: Buffer
}

/**
 * Takes a token apart. One text, one token: every other spelling of it that a lenient decoder would read
 * the same is refused, so that a digest of the text identifies the token.
 *
 * @throws {TokenRefused} TOO_LARGE, NOT_CANONICAL
 */
export function splitToken(token: string): Segments {
  if (token.length > MAX_TOKEN_LENGTH) throw new TokenRefused('TOO_LARGE')
  const [header, payload, signature, ...more] = token.split('.', 4).map(decodeBase64url)
  if (!header || !payload || !signature || more.length > 0) throw new TokenRefused('NOT_CANONICAL')
  return { header, payload, signature }
}

/** @throws {TokenRefused} NOT_JSON, DUPLICATE_NAME */
export function parseSegment(bytes: Buffer): JsonObject {
  try {
    return parseStrictObject(bytes)
  } catch (error) {
    if (!(error instanceof NotStrictJson)) throw error
    throw new TokenRefused(error.repeatedName ? 'DUPLICATE_NAME' : 'NOT_JSON')
  }
}

import { TokenRefused } from './refusals.ts'
import { ownValue, type JsonObject } from './strict-json.ts'

/** What a token must say to be accepted. */
export interface ClaimRules {
  /** The `iss`, exactly. */
  readonly issuer: string
  /** What the `aud` must be or contain. */
  readonly audience: string
  /** How far the issuer's clock may be from ours, in seconds: 0 to 60. */
  readonly clockSkewSeconds: number
  /** The accepted `typ`, such as `JWT` or `at+jwt` (RFC 9068 §2.1). */
  readonly types: readonly string[]
  /** The longest time from `iat` to `exp`, in seconds; a token must then have an `iat`. */
  readonly maxLifetimeSeconds?: number | undefined
}

/** The second from which a token may be used, and the second at which it no longer may; without any skew. */
export interface Validity {
  readonly from: number
  readonly until: number
}

/** The last second of the year 9999: later times are a mistake of units, or an attempt. */
const MAX_TIME = 253_402_300_799

/** Media types are compared without case, and `application/` may be left out (RFC 7515 §4.1.9). */
export const normaliseType = (type: string) => type.toLowerCase().replace(/^application\//, '')

function checkType(header: JsonObject, types: readonly string[]): void {
  const type = ownValue(header, 'typ')
  if (
    typeof type !== 'string' ||
    !types.some((accepted) => normaliseType(accepted) === normaliseType(type))
  ) {
    throw new TokenRefused('TYPE')
  }
}

function checkAudience(claims: JsonObject, audience: string): void {
  const named = ownValue(claims, 'aud')
  const audiences: readonly unknown[] = Array.isArray(named) ? named : [named]
  if (!audiences.every((item) => typeof item === 'string') || !audiences.includes(audience)) {
    throw new TokenRefused('AUDIENCE')
  }
}

/**
 * A time in whole seconds. RFC 7519 §2 allows fractions; no issuer needs them, and whole numbers leave nothing
 * to round differently.
 */
function readTime(claims: JsonObject, name: 'exp' | 'nbf' | 'iat'): number | undefined {
  const value = ownValue(claims, name)
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_TIME) {
    throw new TokenRefused('TIME_CLAIM')
  }
  return value
}

function readValidity(claims: JsonObject, maxLifetimeSeconds: number | undefined): Validity {
  const until = readTime(claims, 'exp')
  const issued = readTime(claims, 'iat')
  const from = Math.max(readTime(claims, 'nbf') ?? 0, issued ?? 0)
  if (until === undefined) throw new TokenRefused('TIME_CLAIM')
  if (maxLifetimeSeconds !== undefined) {
    if (issued === undefined || until - issued > maxLifetimeSeconds) throw new TokenRefused('LIFETIME')
  }
  return { from, until }
}

/**
 * Whether a time lies within a token's validity, give or take the skew. A token is over at its `exp` plus the
 * skew, not after it; one that was issued in the future is not valid yet.
 *
 * @param nowSeconds seconds since 1970
 * @throws {TokenRefused} EXPIRED, NOT_YET_VALID
 */
export function checkTime(validity: Validity, nowSeconds: number, clockSkewSeconds: number): void {
  if (nowSeconds >= validity.until + clockSkewSeconds) throw new TokenRefused('EXPIRED')
  if (nowSeconds < validity.from - clockSkewSeconds) throw new TokenRefused('NOT_YET_VALID')
}

/** Checks what a verified token says of itself (RFC 7519 §4.1, RFC 8725 §3.8 to §3.11). @throws {TokenRefused} */
export function checkClaims(
  header: JsonObject,
  claims: JsonObject,
  rules: ClaimRules,
  nowSeconds: number,
): Validity {
  checkType(header, rules.types)
  if (ownValue(claims, 'iss') !== rules.issuer) throw new TokenRefused('ISSUER')
  checkAudience(claims, rules.audience)
  const validity = readValidity(claims, rules.maxLifetimeSeconds)
  checkTime(validity, nowSeconds, rules.clockSkewSeconds)
  return validity
}

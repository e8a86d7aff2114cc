import { hash } from 'node:crypto'
import type { Principal } from '../domain/principal.ts'
import { Unauthenticated } from '../errors.ts'
import { parseSegment, readBearer, splitToken } from './compact-token.ts'
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from './key-set.ts'
import type { KeySource } from './key-source.ts'
import { TokenRefused } from './refusals.ts'
import { checkClaims, type ClaimRules } from './token-claims.ts'
import { createTokenMemory } from './token-memory.ts'
import { parseClaimPath, readPrincipal } from './token-principal.ts'
import { verifySignature } from './verify-signature.ts'

export interface AuthenticatorOptions {
  /** The `iss` of accepted tokens. */
  readonly issuer: string
  /** What their `aud` must be or contain. */
  readonly audience: string
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly keys: KeySource
  /** Where the roles are; see parseClaimPath. */
  readonly rolesClaim: string | readonly string[]
  /** Where a customer's id is; see parseClaimPath. */
  readonly customerClaim: string | readonly string[]
  /** 0 to 60. */
  readonly clockSkewSeconds: number
  /** The accepted types of token, such as `JWT` and `at+jwt`. */
  readonly typ: readonly string[]
  /** The longest accepted time from `iat` to `exp`, in seconds; unbounded when left out. */
  readonly maxLifetimeSeconds?: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** How many verified tokens are remembered. */
  readonly cacheSize: number
}

export interface Authenticator {
  /**
   * Who sent a request, by its one `Authorization` header. Null when there is none, so that public fields
   * work without a token; a wrong token is refused even there. Synchronous when the token is remembered.
   *
   * @throws {Unauthenticated} (or rejects with it) for every fault, with a TokenRefused as its `cause`
   */
  authenticate(authorization: string | undefined): Principal | null | Promise<Principal>
}

const MAX_SKEW_SECONDS = 60

function checkOptions(options: AuthenticatorOptions): void {
  const { algorithms, clockSkewSeconds, typ, issuer, audience } = options
  const known = algorithms.every((algorithm) => SIGNATURE_ALGORITHMS.includes(algorithm))
  if (algorithms.length === 0 || !known) {
    throw new TypeError(`The algorithms must be some of ${SIGNATURE_ALGORITHMS.join(', ')}.`)
  }
  if (!(clockSkewSeconds >= 0 && clockSkewSeconds <= MAX_SKEW_SECONDS)) {
    throw new RangeError(`The clock skew must be 0 to ${MAX_SKEW_SECONDS} seconds.`)
  }
  if (typ.length === 0 || issuer === '' || audience === '') {
    throw new TypeError('The issuer, the audience and the types of token must be given.')
  }
}

/** Every refusal becomes the same Unauthenticated; a fault of ours stays what it is. */
function asUnauthenticated(error: unknown): unknown {
  return error instanceof TokenRefused ? new Unauthenticated({ cause: error }) : error
}

/**
 * Makes the authenticator: bearer token in, principal out (RFC 6750, RFC 7519, RFC 8725).
 *
 * A token must be spelt canonically before it is looked up or verified, so that the SHA-256 of its text, by
 * which a verified one is remembered, stands for it.
 *
 * @throws {TypeError | RangeError} for options that would accept what must not be accepted
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  checkOptions(options)
  const { keys, algorithms } = options
  const rules: ClaimRules = { ...options, types: options.typ }
  const rolesAt = parseClaimPath(options.rolesClaim)
  const customerAt = parseClaimPath(options.customerClaim)
  const nowSeconds = () => Math.floor(options.now() / 1000)
  const memory = createTokenMemory(options.cacheSize, keys, options.clockSkewSeconds, nowSeconds)

  async function verify(token: string, digest: string): Promise<Principal> {
    try {
      const { header, payload, keyId } = await verifySignature(token, keys, algorithms)
      const claims = parseSegment(payload)
      const validity = checkClaims(header, claims, rules, nowSeconds())
      const principal = readPrincipal(claims, rolesAt, customerAt)
      memory.remember(digest, { principal, validity, keyId })
      return principal
    } catch (error) {
      throw asUnauthenticated(error)
    }
  }
  function authenticate(authorization: string | undefined): Principal | null | Promise<Principal> {
    if (authorization === undefined) return null
    try {
      const token = readBearer(authorization)
      splitToken(token)
      const digest = hash('sha256', token, 'base64')
      return memory.recall(digest) ?? verify(token, digest)
    } catch (error) {
      throw asUnauthenticated(error)
    }
  }
  return { authenticate }
}

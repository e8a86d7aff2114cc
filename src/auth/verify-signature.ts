import { compactVerify, type CryptoKey } from 'jose'
import { parseSegment, splitToken } from './compact-token.ts'
import {
  KEY_ID,
  SIGNATURE_ALGORITHMS,
  type KeySet,
  type SignatureAlgorithm,
  type VerificationKey,
} from './key-set.ts'
import type { KeySource } from './key-source.ts'
import { TokenRefused } from './refusals.ts'
import { ownValue, type JsonObject } from './strict-json.ts'

export interface VerifiedToken {
  readonly header: JsonObject
  /** Not parsed: what a signature covers need not be claims. */
  readonly payload: Buffer
  /** The key that verified it. */
  readonly keyId: string
}

/** Refused even when understood: `crit` and `b64` change what is signed or how it is read (RFC 7515, RFC 7797). */
const REFUSED_PARAMETERS = ['crit', 'b64', 'zip']

function algorithmOf(header: JsonObject, accepted: readonly SignatureAlgorithm[]): SignatureAlgorithm {
  const named = ownValue(header, 'alg')
  const algorithm = SIGNATURE_ALGORITHMS.find((known) => known === named)
  if (algorithm === undefined || !accepted.includes(algorithm)) throw new TokenRefused('ALGORITHM')
  return algorithm
}

function keyIdOf(header: JsonObject): string | null {
  const kid = ownValue(header, 'kid')
  if (kid === undefined) return null
  if (typeof kid !== 'string' || !KEY_ID.test(kid)) throw new TokenRefused('KEY_ID')
  return kid
}

async function findKey(kid: string | null, keys: KeySource): Promise<VerificationKey> {
  const pick = (set: KeySet | null) => (kid === null ? set?.sole : set?.byKeyId.get(kid))
  const current = keys.current()
  const known = pick(current)
  if (known) return known
  if (kid === null && current !== null) throw new TokenRefused('KEY_ID')
  const refreshed = await keys.refresh()
  if (refreshed === null) throw new TokenRefused('NO_KEYS')
  const found = pick(refreshed)
  if (!found) throw new TokenRefused('UNKNOWN_KEY')
  return found
}

async function checkSignature(token: string, key: CryptoKey, algorithm: SignatureAlgorithm): Promise<void> {
  try {
    await compactVerify(token, key, { algorithms: [algorithm] })
  } catch {
    throw new TokenRefused('SIGNATURE')
  }
}

/**
 * Verifies a JWS in compact form with a key of the issuer's key set, and none that the token brings along:
 * `jwk`, `jku`, `x5c` and `x5u` are never read (RFC 8725 §3.1, §3.10). The token says which key and algorithm
 * it means, and both must be what the key set says.
 *
 * @throws {TokenRefused}
 */
export async function verifySignature(
  token: string,
  keys: KeySource,
  accepted: readonly SignatureAlgorithm[],
): Promise<VerifiedToken> {
  const segments = splitToken(token)
  const header = parseSegment(segments.header)
  if (REFUSED_PARAMETERS.some((name) => Object.hasOwn(header, name))) throw new TokenRefused('HEADER')
  const algorithm = algorithmOf(header, accepted)
  const key = await findKey(keyIdOf(header), keys)
  const imported = key.imported.get(algorithm)
  if (imported === undefined) throw new TokenRefused('ALGORITHM')
  await checkSignature(token, imported, algorithm)
  return { header, payload: segments.payload, keyId: key.id }
}

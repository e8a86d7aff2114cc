import { calculateJwkThumbprint, importJWK, type CryptoKey } from 'jose'
import { readPublicKey, type PublicKeyMembers } from './key-strength.ts'
import { KeySetFault } from './refusals.ts'
import { isObject, NotStrictJson, ownValue, parseStrictObject, type JsonObject } from './strict-json.ts'

/** The algorithms that can be accepted: asymmetric ones alone, so that no public key is ever a secret. */
export const SIGNATURE_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number]

/** A key of the issuer's that may verify tokens. */
export interface VerificationKey {
  /** Changes with the key's material, its `kid` and its `alg`: what a remembered token is bound to. */
  readonly id: string
  readonly kid: string | null
  /** The imported key for each algorithm that it may be used with. */
  readonly imported: ReadonlyMap<SignatureAlgorithm, CryptoKey>
}

/** The usable keys of one JSON Web Key Set. */
export interface KeySet {
  readonly byKeyId: ReadonlyMap<string, VerificationKey>
  readonly ids: ReadonlySet<string>
  /** The key for a token that names none: the only one, or null when there are several. */
  readonly sole: VerificationKey | null
}

const MAX_KEYS = 100
export const KEY_ID = /^[\x20-\x7e]{1,256}$/

/** Members that only a private or symmetric key has (RFC 7518 §6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

const ALGORITHMS_BY_KEY: Readonly<Record<PublicKeyMembers['kty'], readonly SignatureAlgorithm[]>> = {
  RSA: ['RS256', 'PS256'],
  EC: ['ES256'],
  OKP: ['EdDSA'],
}

function readKeys(bytes: Uint8Array): readonly JsonObject[] {
  try {
    const keys = ownValue(parseStrictObject(bytes), 'keys')
    if (Array.isArray(keys) && keys.every(isObject)) return keys
  } catch (error) {
    if (!(error instanceof NotStrictJson)) throw error
  }
  throw new KeySetFault('NOT_A_KEY_SET')
}

function keyIdOf(jwk: JsonObject): string | null {
  const kid = ownValue(jwk, 'kid')
  if (kid === undefined) return null
  if (typeof kid !== 'string' || !KEY_ID.test(kid)) throw new KeySetFault('MALFORMED_KEY')
  return kid
}

function refusePrivateKeys(keys: readonly JsonObject[]): void {
  const secret = (jwk: JsonObject) =>
    ownValue(jwk, 'kty') === 'oct' || PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))
  if (keys.some(secret)) throw new KeySetFault('PRIVATE_KEY')
}

function refuseAmbiguousKeyIds(keys: readonly JsonObject[]): void {
  const kids = keys.map(keyIdOf)
  if (kids.length > 1 && kids.includes(null)) throw new KeySetFault('MISSING_KEY_ID')
  if (new Set(kids).size < kids.length) throw new KeySetFault('DUPLICATE_KEY_ID')
}

/** Whether `use` and `key_ops` say that the key verifies signatures. A key for that and for more is refused. */
function isForVerifying(jwk: JsonObject): boolean {
  const use = ownValue(jwk, 'use')
  const operations = ownValue(jwk, 'key_ops')
  if (operations === undefined) return use === undefined || use === 'sig'
  if (!Array.isArray(operations)) throw new KeySetFault('MALFORMED_KEY')
  const verifies = operations.includes('verify')
  const doesMore = operations.some((operation) => operation !== 'verify')
  if (use !== undefined && verifies !== (use === 'sig')) throw new KeySetFault('MIXED_USE')
  if (verifies && doesMore) throw new KeySetFault('MIXED_USE')
  return verifies
}

/**
 * The algorithms that a key is meant for, of those accepted. None for a key that a key set may well hold for
 * others (Keycloak lists an encryption key beside each signing key): it is left out, and verifies nothing.
 */
function algorithmsOf(
  jwk: JsonObject,
  accepted: readonly SignatureAlgorithm[],
): readonly SignatureAlgorithm[] {
  if (!isForVerifying(jwk)) return []
  const declared = ownValue(jwk, 'alg')
  if (declared !== undefined) return accepted.filter((algorithm) => algorithm === declared)
  const kty = ownValue(jwk, 'kty')
  const crv = ownValue(jwk, 'crv')
  return accepted.filter(
    (algorithm) =>
      (kty === 'RSA' && ALGORITHMS_BY_KEY.RSA.includes(algorithm)) ||
      (kty === 'EC' && crv === 'P-256' && algorithm === 'ES256') ||
      (kty === 'OKP' && crv === 'Ed25519' && algorithm === 'EdDSA'),
  )
}

async function importKey(
  jwk: JsonObject,
  algorithms: readonly SignatureAlgorithm[],
): Promise<VerificationKey> {
  const members = readPublicKey(jwk)
  if (!algorithms.every((algorithm) => ALGORITHMS_BY_KEY[members.kty].includes(algorithm))) {
    throw new KeySetFault('WRONG_KEY_TYPE')
  }
  const imported = new Map<SignatureAlgorithm, CryptoKey>()
  try {
    for (const algorithm of algorithms) imported.set(algorithm, await importJWK(members, algorithm))
  } catch (error) {
    throw new KeySetFault('MALFORMED_KEY', { cause: error })
  }
  const kid = keyIdOf(jwk)
  const thumbprint = await calculateJwkThumbprint(members)
  return { id: JSON.stringify([kid, thumbprint, algorithms]), kid, imported }
}

/**
 * Reads a JSON Web Key Set (RFC 7517 §5) and imports the keys that verify one of the accepted algorithms.
 *
 * The set is refused whole when it is ambiguous or shows that its issuer lost control: a private or symmetric
 * key in it, a repeated or missing `kid`, a key of two uses, a weak or malformed key that is meant for us.
 *
 * @param bytes the document
 * @throws {KeySetFault}
 */
export async function readKeySet(
  bytes: Uint8Array,
  accepted: readonly SignatureAlgorithm[],
): Promise<KeySet> {
  const jwks = readKeys(bytes)
  if (jwks.length > MAX_KEYS) throw new KeySetFault('TOO_MANY_KEYS')
  refusePrivateKeys(jwks)
  refuseAmbiguousKeyIds(jwks)
  const keys: VerificationKey[] = []
  for (const jwk of jwks) {
    const algorithms = algorithmsOf(jwk, accepted)
    if (algorithms.length > 0) keys.push(await importKey(jwk, algorithms))
  }
  if (keys.length === 0) throw new KeySetFault('NO_USABLE_KEY')
  return {
    byKeyId: new Map(keys.flatMap((key) => (key.kid === null ? [] : [[key.kid, key]]))),
    ids: new Set(keys.map((key) => key.id)),
    sole: keys.length === 1 ? (keys[0] ?? null) : null,
  }
}

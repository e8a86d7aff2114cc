import { decodeBase64url } from './compact-token.ts'
import { KeySetFault } from './refusals.ts'
import { ownValue, type JsonObject } from './strict-json.ts'

/** The members that a public key consists of, and nothing else of what its JWK says. */
export type PublicKeyMembers =
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }

const MIN_RSA_BITS = 2048
/** Above it, one verification is slow enough to be an attack. */
const MAX_RSA_BITS = 8192
/** FIPS 186-5 §5.4: the exponent is odd and greater than 2^16, and less than 2^256. */
const MIN_EXPONENT = 65537n
const MAX_EXPONENT_BITS = 256

/** Primes under which the powers of 65537 are few: a product of ROCA's primes is one of them under each. */
const ROCA_PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157]

/** Whether a modulus bears the mark of Infineon's key generator, whose keys factor (CVE-2017-15361). */
function isRoca(modulus: bigint): boolean {
  return ROCA_PRIMES.every((prime) => {
    const rest = Number(modulus % BigInt(prime))
    let power = 1
    for (let i = 0; i < prime && power !== rest; i += 1) power = (power * 65537) % prime
    return power === rest
  })
}

function member(jwk: JsonObject, name: string): { text: string; bytes: Buffer } {
  const text = ownValue(jwk, name)
  const bytes = typeof text === 'string' ? decodeBase64url(text) : null
  if (typeof text !== 'string' || bytes === null) throw new KeySetFault('MALFORMED_KEY')
  return { text, bytes }
}

function coordinate(jwk: JsonObject, name: 'x' | 'y'): string {
  const { text, bytes } = member(jwk, name)
  if (bytes.length !== 32) throw new KeySetFault('MALFORMED_KEY')
  return text
}

const toInteger = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`)
const bitLength = (value: bigint) => value.toString(2).length

function rsaMembers(jwk: JsonObject): PublicKeyMembers {
  const n = member(jwk, 'n')
  const e = member(jwk, 'e')
  if (n.bytes.length > MAX_RSA_BITS / 8 + 1 || e.bytes.length > MAX_EXPONENT_BITS / 8) {
    throw new KeySetFault('WEAK_KEY')
  }
  const modulus = toInteger(n.bytes)
  const exponent = toInteger(e.bytes)
  const bits = bitLength(modulus)
  const sound =
    bits >= MIN_RSA_BITS &&
    bits <= MAX_RSA_BITS &&
    modulus % 2n === 1n &&
    exponent % 2n === 1n &&
    exponent >= MIN_EXPONENT &&
    !isRoca(modulus)
  if (!sound) throw new KeySetFault('WEAK_KEY')
  return { kty: 'RSA', n: n.text, e: e.text }
}

/**
 * Takes the public key out of a JWK that is meant for one of our algorithms, if it is strong enough
 * (NIST SP 800-131A, FIPS 186-5). That a point is on its curve is checked when it is imported.
 *
 * @throws {KeySetFault} WEAK_KEY, MALFORMED_KEY, WRONG_KEY_TYPE
 */
export function readPublicKey(jwk: JsonObject): PublicKeyMembers {
  const kty = ownValue(jwk, 'kty')
  const crv = ownValue(jwk, 'crv')
  if (kty === 'RSA') return rsaMembers(jwk)
  if (kty === 'EC' && crv === 'P-256') {
    return { kty, crv, x: coordinate(jwk, 'x'), y: coordinate(jwk, 'y') }
  }
  if (kty === 'OKP' && crv === 'Ed25519') return { kty, crv, x: coordinate(jwk, 'x') }
  throw new KeySetFault('WRONG_KEY_TYPE')
}

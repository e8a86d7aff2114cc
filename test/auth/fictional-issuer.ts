/** An issuer that signs whatever a test asks for, in whatever shape. */
import { createPrivateKey, generateKeyPairSync, sign, type JsonWebKey } from 'node:crypto'
import {
  createAuthenticator,
  type Authenticator,
  type AuthenticatorOptions,
} from '../../src/auth/authenticator.ts'
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from '../../src/auth/key-set.ts'
import { createKeySource, type KeySource, type KeySourceOptions } from '../../src/auth/key-source.ts'
import { TokenRefused } from '../../src/auth/refusals.ts'
import type { Principal } from '../../src/domain/principal.ts'
import { Unauthenticated } from '../../src/errors.ts'

export const NOW = 1_800_000_000
export const ISSUER = 'https://issuer.example'
export const AUDIENCE = 'sealpay'
export const CUSTOMER_ID = '0197a8c2-5c1e-7a30-9d52-1f0c6a7b8e90'

export interface SigningKey {
  readonly publicJwk: JsonWebKey & { kid: string; alg?: string; use?: string }
  sign(input: string): Buffer
}

function pairFor(algorithm: SignatureAlgorithm): JsonWebKey {
  const pair =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : algorithm === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return pair.privateKey.export({ format: 'jwk' })
}

export function createKey(algorithm: SignatureAlgorithm, kid: string): SigningKey {
  const jwk = pairFor(algorithm)
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  const { kty, crv, x, y, n, e } = jwk
  const publicJwk = JSON.parse(
    JSON.stringify({ kty, crv, x, y, n, e, kid, alg: algorithm, use: 'sig' }),
  ) as SigningKey['publicJwk']
  return {
    publicJwk,
    sign: (input) => {
      const bytes = Buffer.from(input)
      if (algorithm === 'EdDSA') return sign(null, bytes, key)
      if (algorithm === 'ES256') return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })
      if (algorithm === 'RS256') return sign('sha256', bytes, key)
      return sign('sha256', bytes, { key, padding: 6, saltLength: 32 })
    },
  }
}

export const encode = (value: string | Buffer) => Buffer.from(value).toString('base64url')

/** Signs texts as they are, so that a test can write what JSON.stringify would not. */
export function signTexts(key: SigningKey, header: string, payload: string | Buffer): string {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${key.sign(input).toString('base64url')}`
}

export const goodClaims = () => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'user-1',
  iat: NOW - 10,
  exp: NOW + 300,
  roles: ['SUPPORT'],
})

export const goodHeader = (key: SigningKey) => ({
  alg: key.publicJwk.alg,
  typ: 'JWT',
  kid: key.publicJwk.kid,
})

/** Signs a token that would be accepted, but for what is changed in it; undefined leaves a member out. */
export function signToken(key: SigningKey, claims: object = {}, header: object = {}): string {
  return signTexts(
    key,
    JSON.stringify({ ...goodHeader(key), ...header }),
    JSON.stringify({ ...goodClaims(), ...claims }),
  )
}

export const keySetOf = (...keys: readonly SigningKey[]) =>
  Buffer.from(JSON.stringify({ keys: keys.map((key) => key.publicJwk) }))

export async function startKeys(
  bytes: () => Uint8Array,
  options: Partial<KeySourceOptions> = {},
): Promise<KeySource> {
  const load = () => Promise.resolve(bytes())
  const keys = createKeySource({ load, algorithms: SIGNATURE_ALGORITHMS, now: () => 0, ...options })
  await keys.start()
  return keys
}

export async function authenticatorFor(
  keys: readonly SigningKey[],
  options: Partial<AuthenticatorOptions> = {},
): Promise<Authenticator> {
  return createAuthenticator({
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: SIGNATURE_ALGORITHMS,
    keys: options.keys ?? (await startKeys(() => keySetOf(...keys))),
    rolesClaim: 'roles',
    customerClaim: 'customer_id',
    clockSkewSeconds: 5,
    typ: ['JWT', 'at+jwt'],
    now: () => NOW * 1000,
    cacheSize: 100,
    ...options,
  })
}

/** What became of a header: a principal, or the code of the refusal behind the one message. */
export async function outcome(
  authenticator: Authenticator,
  authorization: string | undefined,
): Promise<Principal | string | null> {
  try {
    return await authenticator.authenticate(authorization)
  } catch (error) {
    if (!(error instanceof Unauthenticated) || !(error.cause instanceof TokenRefused)) throw error
    return error.cause.code
  }
}

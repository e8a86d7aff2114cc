import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose'
import type { Role } from '../domain/principal.ts'
import { isObject } from './strict-json.ts'

const ALGORITHM = 'ES256'
const ISSUER = 'urn:sealpay:development'
const AUDIENCE = 'urn:sealpay:api'
const DEFAULT_LIFETIME_SECONDS = 3600

/** The private key file: a JWK (RFC 7517) with its `kid`. */
type PrivateKey = JWK & { readonly kid: string }

export interface TokenRequest {
  readonly subject: string
  readonly roles: readonly Role[]
  readonly customerId?: string | undefined
  /** An hour when left out. */
  readonly expiresInSeconds?: number | undefined
}

/** An issuer of tokens on the developer's machine. Its claims are `roles` and `customer_id`. */
export interface DevIssuer {
  readonly issuer: string
  readonly audience: string
  /** The public key set, to be configured as the issuer's. */
  readonly jwksFile: string
  issueToken(request: TokenRequest): Promise<string>
}

/**
 * Opens the development issuer in a directory, and makes its key at the first use.
 *
 * For development alone: whoever reads the directory can be anyone. The caller (`app.ts`, the command line)
 * decides when, and never calls it in production.
 *
 * @param now milliseconds since 1970
 * @throws when another user could read the private key
 */
export async function createDevIssuer({
  directory,
  now = Date.now,
}: {
  directory: string
  now?: () => number
}): Promise<DevIssuer> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const privateFile = join(directory, 'issuer-key.json')
  const jwksFile = join(directory, 'issuer-jwks.json')
  const jwk = (await readPrivateKey(privateFile)) ?? (await makePrivateKey(privateFile))
  await writePublicKey(jwksFile, jwk)
  const key = await importJWK({ ...jwk, kty: 'EC' }, ALGORITHM)
  const issueToken = (request: TokenRequest) => signToken(key, jwk.kid, request, now())
  return { issuer: ISSUER, audience: AUDIENCE, jwksFile, issueToken }
}

async function readPrivateKey(path: string): Promise<PrivateKey | null> {
  try {
    const { mode } = await stat(path)
    if ((mode & 0o077) !== 0) throw new Error(`${path} must be for its owner alone: chmod 600 ${path}`)
    return JSON.parse(await readFile(path, 'utf8')) as PrivateKey
  } catch (error) {
    if (isObject(error) && error['code'] === 'ENOENT') return null
    throw error
  }
}

/** Two first starts at once end with one key: a link is made whole or not at all, and never over another. */
async function makePrivateKey(path: string): Promise<PrivateKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), kid: crypto.randomUUID() }
  const draft = `${path}.${jwk.kid}`
  await writeFile(draft, JSON.stringify(jwk), { flag: 'wx', mode: 0o600, flush: true })
  try {
    await link(draft, path)
    return jwk
  } catch (error) {
    const winner = await readPrivateKey(path)
    if (winner === null) throw error
    return winner
  } finally {
    await rm(draft)
  }
}

/** Replaced in one step, so that a server that reads the set meanwhile finds it whole. */
async function writePublicKey(path: string, { kty, crv, x, y, kid }: PrivateKey): Promise<void> {
  const draft = `${path}.${crypto.randomUUID()}`
  const keySet = { keys: [{ kty, crv, x, y, kid, alg: ALGORITHM, use: 'sig' }] }
  await writeFile(draft, JSON.stringify(keySet), { flag: 'wx', mode: 0o644 })
  await rename(draft, path)
}

/** An access token as RFC 9068 §2 has it. */
function signToken(key: CryptoKey, kid: string, request: TokenRequest, nowMs: number): Promise<string> {
  const { subject, roles, customerId, expiresInSeconds = DEFAULT_LIFETIME_SECONDS } = request
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1) {
    throw new RangeError('A token must live for a whole number of seconds, at least one.')
  }
  const issuedAt = Math.floor(nowMs / 1000)
  const claims = { client_id: 'sealpay-development', roles, ...(customerId && { customer_id: customerId }) }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(subject)
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + expiresInSeconds)
    .sign(key)
}

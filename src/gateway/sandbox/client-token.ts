import { createHmac, timingSafeEqual } from 'node:crypto'
import { SandboxError } from './sandbox-error.ts'

const LIFETIME_MS = 3_600_000
const FORM = /^ct_([A-Za-z0-9_-]{1,4096})\.([A-Za-z0-9_-]{43})$/

export interface ClientTokenClaims {
  readonly customerReference: string | null
  /** Origins that may embed the hosted fields and call `POST /tokens` from a browser. */
  readonly domains: readonly string[]
}

function sign(secretKey: string, payload: string): Buffer {
  return createHmac('sha256', secretKey).update(`client-token:${payload}`).digest()
}

/** A token for one browser, good for an hour: it lets its holder turn cards into single-use tokens and nothing else. */
export function issueClientToken(secretKey: string, claims: ClientTokenClaims, nowMs: number): string {
  const content = JSON.stringify({ ...claims, expiresAt: nowMs + LIFETIME_MS })
  const payload = Buffer.from(content).toString('base64url')
  return `ct_${payload}.${sign(secretKey, payload).toString('base64url')}`
}

/** @throws {SandboxError} 401 for every fault: forged, altered or expired */
export function readClientToken(secretKey: string, token: string, nowMs: number): ClientTokenClaims {
  const [, payload = '', signature = ''] = FORM.exec(token) ?? []
  const given = Buffer.from(signature, 'base64url')
  const expected = sign(secretKey, payload)
  const isOurs =
    given.length === expected.length &&
    timingSafeEqual(given, expected) &&
    // Base64url's last character has spare bits: one signature, one spelling.
    given.toString('base64url') === signature
  if (!isOurs) throw new SandboxError(401, 'invalid_client_token', 'The client token is not accepted.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as ClientTokenClaims & {
    readonly expiresAt: number
  }
  if (claims.expiresAt <= nowMs) {
    throw new SandboxError(401, 'invalid_client_token', 'The client token is not accepted.')
  }
  return { customerReference: claims.customerReference, domains: claims.domains }
}

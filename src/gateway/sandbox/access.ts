import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { readClientToken, type ClientTokenClaims } from './client-token.ts'
import { mayTokenise } from './origins.ts'
import type { Access, Sandbox } from './route.ts'
import { SandboxError } from './sandbox-error.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest()

function bearerOf(request: IncomingMessage): string {
  return /^Bearer ([\x21-\x7e]+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
}

/**
 * Lets a request in or throws; gives what the client token says on routes for browsers.
 *
 * @throws {SandboxError} 401 without the right key or token, 403 from an origin that the token does not name
 */
export function admit(sandbox: Sandbox, access: Access, request: IncomingMessage): ClientTokenClaims | null {
  if (access === 'PUBLIC') return null
  const bearer = bearerOf(request)
  if (access === 'BROWSER') {
    const claims = readClientToken(sandbox.secretKey, bearer, sandbox.now())
    if (!mayTokenise(claims.domains, sandbox.ownOrigin(), request.headers.origin)) {
      throw new SandboxError(403, 'origin_not_allowed', 'The client token does not name this origin.')
    }
    return claims
  }
  // Digests have one length, so that comparing them tells nothing of the key, its length included.
  if (!timingSafeEqual(sha256(bearer), sha256(sandbox.secretKey))) {
    throw new SandboxError(401, 'unauthenticated', 'The secret key is not accepted.')
  }
  return null
}

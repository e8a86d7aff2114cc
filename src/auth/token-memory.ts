import { LRUCache } from 'lru-cache'
import type { Principal } from '../domain/principal.ts'
import type { KeySource } from './key-source.ts'
import { checkTime, type Validity } from './token-claims.ts'

/** What a verified token came to, and what must still hold when it comes again. */
export interface RememberedToken {
  readonly principal: Principal
  readonly validity: Validity
  /** The key that verified it. */
  readonly keyId: string
}

export interface TokenMemory {
  /**
   * The principal of a token that was verified before, while its key is still in the key set; else null.
   *
   * @throws {TokenRefused} EXPIRED, NOT_YET_VALID
   */
  recall(digest: string): Principal | null
  remember(digest: string, token: RememberedToken): void
}

/**
 * Remembers verified tokens by the digest of their text, the last used ones up to a number, because verifying
 * one takes a hundred times longer than hashing it.
 *
 * @param nowSeconds seconds since 1970
 */
export function createTokenMemory(
  size: number,
  keys: KeySource,
  clockSkewSeconds: number,
  nowSeconds: () => number,
): TokenMemory {
  const tokens = new LRUCache<string, RememberedToken>({ max: size })
  return {
    recall: (digest) => {
      const token = tokens.get(digest)
      if (token === undefined) return null
      if (keys.current()?.ids.has(token.keyId) !== true) {
        tokens.delete(digest)
        return null
      }
      checkTime(token.validity, nowSeconds(), clockSkewSeconds)
      return token.principal
    },
    remember: (digest, token) => void tokens.set(digest, token),
  }
}

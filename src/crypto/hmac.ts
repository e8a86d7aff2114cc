import { createHmac, type KeyObject } from 'node:crypto'

/**
 * HMAC-SHA-256 (RFC 2104), the full 256 bits, over a label and bytes. The label is JSON of an array of
 * strings: it tells where it ends, so no two pairs of label and bytes make the same input.
 */
export function hmacSha256(key: KeyObject, label: string, bytes: Uint8Array): Buffer {
  return createHmac('sha256', key).update(label).update(bytes).digest()
}

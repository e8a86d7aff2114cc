import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { OpenFailed } from '../errors.ts'

const algorithm = 'aes-256-gcm'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
// Without it, node accepts a tag cut down to 4 bytes.
const options = { authTagLength: tagBytes }

/** nonce and tag: the least that a sealed value takes, when it is empty. */
export const sealedOverhead = nonceBytes + tagBytes

/**
 * Takes 32 raw bytes into a `KeyObject` and zeroes them, so that the only copy is OpenSSL's, which no
 * inspection of an object shows and which is cleared when it is freed. Throws `RangeError` on another length.
 */
export function importKey(raw: Uint8Array): KeyObject {
  try {
    if (raw.length !== keyBytes) throw new RangeError(`A data key has ${keyBytes} bytes.`)
    return createSecretKey(raw)
  } finally {
    raw.fill(0)
  }
}

/**
 * AES-256-GCM with a 96-bit nonce and a 128-bit tag (NIST SP 800-38D): `nonce || ciphertext || tag`.
 * The caller never repeats a nonce under one key. Throws `RangeError` on a nonce of another length.
 */
export function sealBytes(
  key: KeyObject,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  plaintext: Uint8Array,
): Buffer {
  if (nonce.length !== nonceBytes) throw new RangeError(`A nonce has ${nonceBytes} bytes.`)
  const cipher = createCipheriv(algorithm, key, nonce, options)
  cipher.setAAD(additionalData)
  const ciphertext = cipher.update(plaintext)
  cipher.final()
  const sealed = Buffer.allocUnsafe(ciphertext.length + sealedOverhead)
  sealed.set(nonce, 0)
  sealed.set(ciphertext, nonceBytes)
  sealed.set(cipher.getAuthTag(), nonceBytes + ciphertext.length)
  return sealed
}

/** The plaintext of what `sealBytes` made under the same key and additional data, else `OpenFailed`. */
export function openBytes(key: KeyObject, additionalData: Uint8Array, sealed: Buffer): Buffer {
  if (sealed.length < sealedOverhead) throw new OpenFailed()
  const tagAt = sealed.length - tagBytes
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), options)
  decipher.setAAD(additionalData)
  decipher.setAuthTag(sealed.subarray(tagAt))
  const plaintext = decipher.update(sealed.subarray(nonceBytes, tagAt))
  try {
    decipher.final()
  } catch {
    plaintext.fill(0)
    throw new OpenFailed()
  }
  return plaintext
}

import { OpenFailed } from '../errors.ts'
import { sealedOverhead } from './aes-gcm.ts'

const header = /^s1\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\./
const bodyAt = 's1.'.length + 36 + '.'.length

/** `s1.<keyId>.<base64url>`: the text of a sealed column. */
export function formatSealedText(keyId: string, sealed: Buffer): string {
  return `s1.${keyId}.${sealed.toString('base64url')}`
}

/** The data key that a sealed text names. Throws `OpenFailed` when it is not one, and never repeats it. */
export function readKeyId(text: string): string {
  const keyId = header.exec(text)?.[1]
  if (keyId === undefined) throw new OpenFailed()
  return keyId
}

/**
 * `nonce || ciphertext || tag` of a sealed text, else `OpenFailed`. Node decodes base64url leniently
 * (padding, both alphabets, white space, stray bits), so a text that does not re-encode to itself is
 * refused: otherwise hundreds of altered texts would still open.
 */
export function readSealedBytes(text: string): Buffer {
  const body = text.slice(bodyAt)
  const sealed = Buffer.from(body, 'base64url')
  if (sealed.length < sealedOverhead || sealed.toString('base64url') !== body) throw new OpenFailed()
  return sealed
}

import { OpenFailed } from '../errors.ts'
import { sealedOverhead } from './aes-gcm.ts'

const header = /^s1\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\./
const keyIdAt = 's1.'.length
const keyIdEnd = keyIdAt + 36
const bodyAt = keyIdEnd + '.'.length
const alphabet = /^[\w-]+$/

/**
 * What may stand last, by how many characters go beyond a multiple of four: those whose bits that belong
 * to no byte are zero (RFC 4648, 3.5). One character over is no byte at all.
 */
const lastCharacters = [undefined, '', 'AQgw', 'AEIMQUYcgkosw048'] as const

/** `s1.<keyId>.<base64url>`: the text of a sealed column. */
export function formatSealedText(keyId: string, sealed: Buffer): string {
  return `s1.${keyId}.${sealed.toString('base64url')}`
}

/** The data key that a sealed text names. Throws `OpenFailed` when it is not one, and never repeats it. */
export function readKeyId(text: string): string {
  if (!header.test(text)) throw new OpenFailed()
  return text.slice(keyIdAt, keyIdEnd)
}

/**
 * Makes a reader of sealed texts: the key id and `nonce || ciphertext || tag`, else `OpenFailed`. It
 * remembers the last header, because texts in a row mostly name one key and the check costs as much as
 * decoding.
 */
export function createSealedTextReader(): (text: string) => { keyId: string; sealed: Buffer } {
  let known: { readonly header: string; readonly keyId: string } | undefined
  return (text) => {
    if (known === undefined || !text.startsWith(known.header)) {
      const keyId = readKeyId(text)
      known = { header: `s1.${keyId}.`, keyId }
    }
    return { keyId: known.keyId, sealed: decodeBody(text.slice(bodyAt)) }
  }
}

/**
 * Decodes only what base64url encodes to: node is lenient (padding, both alphabets, white space, stray
 * bits), and hundreds of altered texts would still open.
 */
function decodeBody(body: string): Buffer {
  if (!alphabet.test(body)) throw new OpenFailed()
  const allowed = lastCharacters[body.length % 4]
  if (allowed?.includes(body.charAt(body.length - 1)) === false) throw new OpenFailed()
  const sealed = Buffer.from(body, 'base64url')
  if (sealed.length < sealedOverhead) throw new OpenFailed()
  return sealed
}

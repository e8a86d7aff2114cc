import { OpenFailed } from '../errors.ts'
import { additionalData, isRowId } from './additional-data.ts'
import { openBytes, sealBytes } from './aes-gcm.ts'
import { indexText } from './blind-index.ts'
import type { DataKey } from './data-key.ts'
import type { FieldSpec } from './field-spec.ts'
import type { Keyrings } from './keyring.ts'
import { createNonces } from './nonces.ts'
import { createSealedTextReader, formatSealedText } from './sealed-text.ts'
import { decodeValue, encodeValue } from './value-codec.ts'

/**
 * Seals and opens the values of sealed columns.
 *
 * `seal` and `index` are synchronous and need `ready` for the spec's keyring first; `open` fetches the
 * key itself when it is not in memory.
 */
export interface FieldCipher {
  /** Brings the active encryption and index keys into memory; `undefined` when they are there already. */
  ready(keyrings: Iterable<string>): Promise<void> | undefined
  /**
   * `s1.<keyId>.<base64url(nonce || ciphertext || tag)>`. Throws `TypeError` on a value of another type,
   * `BadUserInput` on one out of bounds, and `KmsUnavailable` when `ready` was not awaited.
   */
  seal(spec: FieldSpec, rowId: string, value: unknown): string
  /** `b1.<keyId>.<base64url(HMAC-SHA-256)>` of the normalised value: equal values, equal texts. Throws as `seal` does. */
  index(spec: FieldSpec, value: unknown): string
  /**
   * The value, or a promise of it when its key must be unwrapped first. Throws `OpenFailed` whatever is
   * wrong with the text or its key, and `KmsUnavailable` when the key cannot be had now. What the key
   * store throws passes through.
   */
  open(spec: FieldSpec, rowId: string, text: string): unknown
}

/** A field cipher over the keys of `keyrings`. */
export function createFieldCipher(keyrings: Keyrings): FieldCipher {
  const nextNonce = createNonces()
  const readText = createSealedTextReader()
  return {
    ready: (names) => keyrings.ready(names),
    seal(spec, rowId, value) {
      if (!isRowId(rowId)) throw new TypeError(`${spec.model} needs a text as its id before it is sealed.`)
      const key = keyrings.active(spec.keyring, 'ENCRYPTION')
      const plaintext = encodeValue(spec, value)
      return formatSealedText(
        key.id,
        sealBytes(key.secret, nextNonce(), additionalData(spec, key.id, rowId), plaintext),
      )
    },
    index: (spec, value) => indexText(keyrings.active(spec.keyring, 'INDEX'), spec, value),
    open(spec, rowId, text) {
      if (!isRowId(rowId)) throw new OpenFailed()
      const { keyId, sealed } = readText(text)
      const key = keyrings.find(keyId, spec.keyring, 'ENCRYPTION')
      if (key instanceof Promise) return key.then((found) => openWith(found, spec, rowId, sealed))
      return openWith(key, spec, rowId, sealed)
    },
  }
}

function openWith(key: DataKey, spec: FieldSpec, rowId: string, sealed: Buffer): unknown {
  return decodeValue(spec, openBytes(key.secret, additionalData(spec, key.id, rowId), sealed))
}

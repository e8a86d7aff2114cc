import type { FieldSpec } from './field-spec.ts'

/**
 * Seals and opens the values of sealed columns.
 *
 * `seal` and `index` are synchronous and need `ready` for the spec's keyring first; `open` fetches the
 * key itself when it is not in memory.
 */
export interface FieldCipher {
  /** Brings the active encryption and index keys into memory; `undefined` when they are there already. */
  ready(keyrings: Iterable<string>): Promise<void> | undefined
  /** `s1.<keyId>.<base64url(nonce || ciphertext || tag)>`. Throws `BadUserInput` on a value out of bounds. */
  seal(spec: FieldSpec, rowId: string, value: unknown): string
  /** `b1.<keyId>.<base64url(HMAC-SHA-256)>` of the normalised value: equal values, equal texts. */
  index(spec: FieldSpec, value: unknown): string
  /**
   * The value, or a promise of it when its key must be unwrapped first. Throws `OpenFailed` whatever is
   * wrong with the text or its key, and `KmsUnavailable` when the key cannot be had now.
   */
  open(spec: FieldSpec, rowId: string, text: string): unknown
}

/**
 * What a data key is for. A KMS binds all three to the wrapped key: another keyring, id or purpose does
 * not unwrap it (AWS KMS encryption context, Vault `associated_data`, AES-GCM additional data).
 */
export interface KeyContext {
  readonly keyring: string
  /** The data key's id: a UUIDv7, in lower case. */
  readonly keyId: string
  readonly purpose: 'ENCRYPTION' | 'INDEX'
}

/** A data key as it is stored: only the KMS that `provider` and `keyReference` name can open it. */
export interface WrappedKey {
  /** The adapter's name: `local`, `aws`, `vault`, `azure`, `gcp`. */
  readonly provider: string
  /** The key-encryption key, in the provider's own words (an ARN, a key name and version). */
  readonly keyReference: string
  readonly bytes: Uint8Array
}

export interface GeneratedDataKey {
  /** 32 fresh bytes. The caller owns the buffer and zeroes it when done. */
  readonly plaintext: Buffer
  readonly wrapped: WrappedKey
}

/**
 * The key-management port. A key-encryption key never leaves the service behind it.
 *
 * Both methods throw `KmsUnavailable` (retryable) when the service cannot be reached or asks to slow
 * down, and `KmsRefused` (final) when it answers that it will not: wrong context, altered bytes, a
 * disabled or deleted key, no permission. Neither ever returns a half-answer.
 */
export interface Kms {
  /** Makes a 256-bit data key and wraps it under the current key-encryption key, bound to `context`. */
  generateDataKey(context: KeyContext): Promise<GeneratedDataKey>
  /** Unwraps a key that `generateDataKey` made with the same context. 32 bytes, owned by the caller. */
  unwrapDataKey(wrapped: WrappedKey, context: KeyContext): Promise<Buffer>
}

/** The KMS answered, and refuses. Repeating the call will not help. Never shown to a caller. */
export class KmsRefused extends Error {
  override readonly name = 'KmsRefused'
  readonly code = 'ERR_KMS_REFUSED'
}

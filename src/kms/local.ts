import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import { type GeneratedDataKey, type KeyContext, type Kms, KmsRefused, type WrappedKey } from './kms.ts'
import { readLocalKeyFile } from './local-key-file.ts'

const provider = 'local'
const algorithm = 'aes-256-gcm'
const options = { authTagLength: 16 }
const keyBytes = 32
const nonceBytes = 12
const wrappedBytes = nonceBytes + keyBytes + options.authTagLength

/**
 * A KMS for development: wraps data keys with AES-256-GCM under a key file (see `createLocalKeyFile`),
 * with the key context as additional data. The key lies on the same machine as what it protects, so
 * production must not use it: the configuration refuses it there.
 *
 * Throws `ConfigFault` when the key file is missing, open to others, or not one.
 */
export async function createLocalKms(settings: { readonly keyFile: string }): Promise<Kms> {
  const { keyId, key } = await readLocalKeyFile(settings.keyFile)
  const started = Promise.resolve()
  // Within `then`, what they throw is a rejection, as the port promises.
  return {
    generateDataKey: (context) => started.then(() => generate(key, keyId, context)),
    unwrapDataKey: (wrapped, context) => started.then(() => unwrap(key, keyId, wrapped, context)),
  }
}

function generate(key: KeyObject, keyId: string, context: KeyContext): GeneratedDataKey {
  const plaintext = randomBytes(keyBytes)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce, options)
  cipher.setAAD(additionalData(keyId, context))
  const bytes = Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  return { plaintext, wrapped: { provider, keyReference: keyId, bytes } }
}

function unwrap(key: KeyObject, keyId: string, wrapped: WrappedKey, context: KeyContext): Buffer {
  if (wrapped.provider !== provider || wrapped.keyReference !== keyId) {
    throw new KmsRefused('The data key was wrapped by another key than that of the key file.')
  }
  const { bytes } = wrapped
  if (bytes.length !== wrappedBytes) throw new KmsRefused('The wrapped data key has a wrong length.')
  const tagAt = nonceBytes + keyBytes
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), options)
  decipher.setAAD(additionalData(keyId, context))
  decipher.setAuthTag(bytes.subarray(tagAt))
  const plaintext = decipher.update(bytes.subarray(nonceBytes, tagAt))
  try {
    decipher.final()
  } catch {
    plaintext.fill(0)
    throw new KmsRefused('The wrapped data key was altered, or made for another use.')
  }
  return plaintext
}

// JSON of an array tells where each part ends: no two contexts have the same.
function additionalData(keyReference: string, context: KeyContext): Buffer {
  const parts = [provider, keyReference, context.keyring, context.keyId, context.purpose]
  return Buffer.from(JSON.stringify(parts), 'utf8')
}

import { v7 as uuidv7 } from 'uuid'
import { OpenFailed } from '../errors.ts'
import { type KeyContext, type Kms, KmsRefused } from '../kms/kms.ts'
import { importKey } from './aes-gcm.ts'
import type {
  DataKey,
  DataKeyState,
  DataKeyStore,
  KeyOperation,
  KeyPurpose,
  StoredDataKey,
} from './data-key.ts'

// PENDING too: between two steps of a rotation another process may seal with it already.
const opening: ReadonlySet<DataKeyState> = new Set(['PENDING', 'ACTIVE', 'RETIRED'])

export interface KeyLoaderOptions {
  readonly kms: Kms
  readonly store: DataKeyStore
  /** Told of each operation before its key is used; when it throws, the key is not used. */
  readonly onKeyOperation: (operation: KeyOperation) => void | Promise<void>
}

/** Brings wrapped keys from the store into memory through the KMS, and makes the first one of a keyring. */
export class KeyLoader {
  readonly #kms: Kms
  readonly #store: DataKeyStore
  readonly #onKeyOperation: KeyLoaderOptions['onKeyOperation']

  constructor({ kms, store, onKeyOperation }: KeyLoaderOptions) {
    this.#kms = kms
    this.#store = store
    this.#onKeyOperation = onKeyOperation
  }

  /** The stored ACTIVE key, or `null` before the keyring's first use. */
  async findActive(keyring: string, purpose: KeyPurpose): Promise<StoredDataKey | null> {
    const stored = await this.#store.findActive(keyring, purpose)
    if (stored === null) return null
    if (stored.state !== 'ACTIVE' || stored.keyring !== keyring || stored.purpose !== purpose) {
      return this.refuse({ keyId: stored.id, keyring, purpose, reason: 'STATE' })
    }
    return stored
  }

  /** Makes and stores a keyring's first key; `null` when another process was faster. */
  async create(keyring: string, purpose: KeyPurpose): Promise<DataKey | null> {
    const context = { keyring, keyId: uuidv7(), purpose }
    const { plaintext, wrapped } = await this.#ask(context, () => this.#kms.generateDataKey(context))
    try {
      await this.#onKeyOperation({ operation: 'CREATE', ...context })
      const key: StoredDataKey = { id: context.keyId, keyring, purpose, state: 'ACTIVE', wrapped }
      if ((await this.#store.insertActive(key)) === 'LOST_RACE') return null
      return { id: key.id, keyring, purpose, secret: importKey(plaintext) }
    } finally {
      plaintext.fill(0)
    }
  }

  /** Unwraps a stored key whose state lets it open. */
  async unwrap(stored: StoredDataKey): Promise<DataKey> {
    const { id, keyring, purpose } = stored
    const context = { keyring, keyId: id, purpose }
    if (!opening.has(stored.state)) return this.refuse({ ...context, reason: 'STATE' })
    const raw = await this.#ask(context, () => this.#kms.unwrapDataKey(stored.wrapped, context))
    try {
      await this.#onKeyOperation({ operation: 'UNWRAP', ...context })
      return { id, keyring, purpose, secret: importKey(raw) }
    } finally {
      raw.fill(0)
    }
  }

  /** Finds a key by id, refuses another keyring or purpose than the context's, and unwraps it. */
  async findAndUnwrap(context: KeyContext): Promise<DataKey> {
    const stored = await this.#store.find(context.keyId)
    if (stored === null) return this.refuse({ ...context, reason: 'UNKNOWN' })
    if (stored.keyring !== context.keyring || stored.purpose !== context.purpose) {
      return this.refuse({ ...context, reason: 'PURPOSE' })
    }
    return this.unwrap(stored)
  }

  /** Records a refusal, then throws `OpenFailed`. */
  async refuse(refusal: Omit<KeyOperation, 'operation'>, options?: ErrorOptions): Promise<never> {
    await this.#onKeyOperation({ operation: 'REFUSED', ...refusal })
    throw new OpenFailed(options)
  }

  async #ask<T>(context: KeyContext, call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      if (error instanceof KmsRefused) return this.refuse({ ...context, reason: 'KMS' }, { cause: error })
      throw error
    }
  }
}

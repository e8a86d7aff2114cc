import { randomBytes } from 'node:crypto'
import type { DataKeyStore, KeyOperation, KeyPurpose, StoredDataKey } from '../../src/crypto/data-key.ts'
import { createKeyrings, type KeyringOptions, type Keyrings } from '../../src/crypto/keyring.ts'
import { KmsUnavailable } from '../../src/errors.ts'
import { type KeyContext, type Kms, KmsRefused } from '../../src/kms/kms.ts'

/** Keeps keys in memory, one ACTIVE key a keyring and purpose, as the database's unique index does. */
export class MemoryStore implements DataKeyStore {
  readonly keys = new Map<string, StoredDataKey>()

  find(id: string): Promise<StoredDataKey | null> {
    return Promise.resolve(this.keys.get(id) ?? null)
  }

  findActive(keyring: string, purpose: KeyPurpose): Promise<StoredDataKey | null> {
    return Promise.resolve(this.#active(keyring, purpose))
  }

  insertActive(key: StoredDataKey): Promise<'INSERTED' | 'LOST_RACE'> {
    if (this.#active(key.keyring, key.purpose) !== null) return Promise.resolve('LOST_RACE')
    this.keys.set(key.id, key)
    return Promise.resolve('INSERTED')
  }

  setState(id: string, state: StoredDataKey['state']): void {
    this.keys.set(id, { ...this.keys.get(id)!, state })
  }

  #active(keyring: string, purpose: KeyPurpose): StoredDataKey | null {
    const isActive = (key: StoredDataKey) =>
      key.keyring === keyring && key.purpose === purpose && key.state === 'ACTIVE'
    return [...this.keys.values()].find(isActive) ?? null
  }
}

/** A KMS in memory that counts its calls, remembers the buffers it gave, and fails when told to. */
export class MemoryKms implements Kms {
  readonly given: Buffer[] = []
  generated = 0
  unwrapped = 0
  failure: 'UNAVAILABLE' | 'REFUSED' | undefined
  /** When set, every call waits for it. */
  gate: Promise<undefined> | undefined
  readonly #keys = new Map<string, { raw: Buffer; context: string }>()

  async generateDataKey(context: KeyContext) {
    this.generated += 1
    await this.#answer()
    return this.wrap(randomBytes(32), context)
  }

  async unwrapDataKey(wrapped: { readonly bytes: Uint8Array }, context: KeyContext): Promise<Buffer> {
    this.unwrapped += 1
    await this.#answer()
    const known = this.#keys.get(Buffer.from(wrapped.bytes).toString('hex'))
    if (known?.context !== contextText(context)) throw new KmsRefused('No.')
    return this.#give(known.raw)
  }

  /** Wraps a chosen key. */
  wrap(raw: Buffer, context: KeyContext) {
    const bytes = randomBytes(16)
    this.#keys.set(bytes.toString('hex'), { raw: Buffer.from(raw), context: contextText(context) })
    return { plaintext: this.#give(raw), wrapped: { provider: 'memory', keyReference: 'one', bytes } }
  }

  #give(raw: Buffer): Buffer {
    const copy = Buffer.from(raw)
    this.given.push(copy)
    return copy
  }

  async #answer(): Promise<void> {
    await this.gate
    if (this.failure === 'UNAVAILABLE') throw new KmsUnavailable()
    if (this.failure === 'REFUSED') throw new KmsRefused('No.')
  }
}

function contextText({ keyring, keyId, purpose }: KeyContext): string {
  return JSON.stringify([keyring, keyId, purpose])
}

/** Keyrings over fresh fakes, with a clock that stands still until it is moved. */
export function newKeys(changes: Partial<KeyringOptions> = {}) {
  const store = new MemoryStore()
  const kms = new MemoryKms()
  const clock = { time: 1_000_000 }
  const operations: KeyOperation[] = []
  const options: KeyringOptions = {
    kms,
    store,
    now: () => clock.time,
    maxKeys: 100,
    lifetimeMs: 300_000,
    idleMs: 60_000,
    activeMs: 30_000,
    onKeyOperation: (operation) => void operations.push(operation),
    ...changes,
  }
  return { store, kms, clock, operations, options, keyrings: createKeyrings(options) }
}

/** Keyrings that hold one chosen encryption key and one chosen index key, made active. */
export async function keyringsWith(
  keyring: string,
  keys: Readonly<Record<KeyPurpose, { readonly id: string; readonly raw: Buffer }>>,
): Promise<Keyrings> {
  const { store, kms, keyrings } = newKeys()
  for (const purpose of ['ENCRYPTION', 'INDEX'] as const) {
    const { id, raw } = keys[purpose]
    const { wrapped } = kms.wrap(raw, { keyring, keyId: id, purpose })
    store.keys.set(id, { id, keyring, purpose, state: 'ACTIVE', wrapped })
  }
  await keyrings.ready([keyring])
  return keyrings
}

import { KmsUnavailable } from '../errors.ts'
import type { KeyContext } from '../kms/kms.ts'
import { digestText } from './blind-index.ts'
import type { DataKey, KeyPurpose, StoredDataKey } from './data-key.ts'
import { type HeldKey, KeyCache, type KeyCacheOptions } from './key-cache.ts'
import { KeyLoader, type KeyLoaderOptions } from './key-loader.ts'

export interface KeyringOptions extends KeyLoaderOptions, KeyCacheOptions {
  /** How long it may take to notice that another process rotated a keyring's active key. */
  readonly activeMs: number
}

/** The data keys in memory, by keyring. Once warm, nothing here asks the KMS. */
export interface Keyrings {
  /**
   * Brings the active encryption and index keys of these keyrings into memory, making them at a
   * keyring's first use; `undefined` when they are there. Throws `KmsUnavailable` when that fails.
   */
  ready(keyrings: Iterable<string>): Promise<void> | undefined
  /** The key to seal or hash with, after `ready`; throws `KmsUnavailable` without it. */
  active(keyring: string, purpose: KeyPurpose): DataKey
  /**
   * The key to open with. Throws `OpenFailed` when it is unknown, of another keyring or purpose, of a
   * state that does not open, or refused by the KMS; `KmsUnavailable` when the KMS does not answer.
   */
  find(keyId: string, keyring: string, purpose: KeyPurpose): DataKey | Promise<DataKey>
  /** `d1.<keyId>.<HMAC>` under the keyring's index key; after `ready`. Equal label and parts, equal digests. */
  digest(keyring: string, label: string, parts: readonly string[]): string
  /** Forgets one key at once: its state changed. */
  invalidate(keyId: string): void
  /** Forgets every key at once. */
  invalidateAll(): void
  /** Forgets every key whose time is over. To be called now and then, so that an idle process holds none. */
  sweep(): void
}

interface ActiveKey {
  readonly held: HeldKey
  readonly readAt: number
}

// A request that found its key fresh finishes with it, though its lifetime ends before the last seal.
const graceMs = 10_000
// Only an invalidation while the key is fetched makes a second attempt necessary.
const maxAttempts = 3

export function createKeyrings(options: KeyringOptions): Keyrings {
  return new CachedKeyrings(options)
}

class CachedKeyrings implements Keyrings {
  readonly #now: () => number
  readonly #activeMs: number
  readonly #cache: KeyCache
  readonly #loader: KeyLoader
  readonly #active = { ENCRYPTION: new Map<string, ActiveKey>(), INDEX: new Map<string, ActiveKey>() }
  readonly #unwrapping = new Map<string, Promise<DataKey>>()
  readonly #activating = new Map<string, Promise<void>>()
  /** Counts invalidations: a key that was on its way during one is not kept. */
  #epoch = 0

  constructor(options: KeyringOptions) {
    this.#now = options.now
    this.#activeMs = options.activeMs
    this.#cache = new KeyCache(options)
    this.#loader = new KeyLoader(options)
  }

  ready(keyrings: Iterable<string>): Promise<void> | undefined {
    let missing: string[] | undefined
    for (const keyring of keyrings) {
      if (!this.#isReady(keyring)) (missing ??= []).push(keyring)
    }
    return missing === undefined ? undefined : this.#activateAll(missing)
  }

  active(keyring: string, purpose: KeyPurpose): DataKey {
    const held = this.#active[purpose].get(keyring)?.held
    const now = this.#now()
    if (held === undefined || now >= held.expiresAt + graceMs) {
      throw new KmsUnavailable({ cause: new Error(`Await ready(['${keyring}']) first.`) })
    }
    held.usedAt = now
    return held.key
  }

  find(keyId: string, keyring: string, purpose: KeyPurpose): DataKey | Promise<DataKey> {
    const key = this.#cache.get(keyId)?.key
    if (key === undefined) {
      const context = { keyId, keyring, purpose }
      return this.#unwrapOnce(context, () => this.#loader.findAndUnwrap(context))
    }
    if (key.keyring === keyring && key.purpose === purpose) return key
    return this.#loader.refuse({ keyId, keyring, purpose, reason: 'PURPOSE' })
  }

  digest(keyring: string, label: string, parts: readonly string[]): string {
    return digestText(this.active(keyring, 'INDEX'), label, parts)
  }

  invalidate(keyId: string): void {
    this.#epoch += 1
    this.#cache.drop(keyId)
    this.#unwrapping.clear()
    this.#activating.clear()
    this.#forgetActive(({ held }) => held.key.id === keyId)
  }

  invalidateAll(): void {
    this.#epoch += 1
    this.#cache.clear()
    this.#unwrapping.clear()
    this.#activating.clear()
    this.#forgetActive(() => true)
  }

  sweep(): void {
    const now = this.#now()
    this.#cache.sweep()
    this.#forgetActive(({ held }) => !this.#cache.isFresh(held, now - graceMs))
  }

  #forgetActive(isOver: (active: ActiveKey) => boolean): void {
    for (const keys of Object.values(this.#active)) {
      for (const [keyring, active] of keys) if (isOver(active)) keys.delete(keyring)
    }
  }

  #isReady(keyring: string): boolean {
    return this.#isActive(keyring, 'ENCRYPTION') && this.#isActive(keyring, 'INDEX')
  }

  #isActive(keyring: string, purpose: KeyPurpose): boolean {
    const active = this.#active[purpose].get(keyring)
    return (
      active !== undefined && this.#now() - active.readAt < this.#activeMs && this.#cache.touch(active.held)
    )
  }

  async #activateAll(keyrings: readonly string[]): Promise<void> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const missing = keyrings.filter((keyring) => !this.#isReady(keyring))
      if (missing.length === 0) return
      await Promise.all(
        missing.flatMap((keyring) => [
          this.#activateOnce(keyring, 'ENCRYPTION'),
          this.#activateOnce(keyring, 'INDEX'),
        ]),
      )
    }
    if (!keyrings.every((keyring) => this.#isReady(keyring))) throw new KmsUnavailable()
  }

  #activateOnce(keyring: string, purpose: KeyPurpose): Promise<void> {
    if (this.#isActive(keyring, purpose)) return Promise.resolve()
    return runOnce(this.#activating, `${purpose}:${keyring}`, () => this.#activate(keyring, purpose))
  }

  async #activate(keyring: string, purpose: KeyPurpose): Promise<void> {
    const epoch = this.#epoch
    const readAt = this.#now()
    const stored = await this.#loader.findActive(keyring, purpose)
    const key = stored === null ? await this.#create(keyring, purpose) : await this.#load(stored)
    if (epoch !== this.#epoch) return
    const held = this.#cache.get(key.id) ?? this.#cache.hold(key)
    this.#active[purpose].set(keyring, { held, readAt })
  }

  async #create(keyring: string, purpose: KeyPurpose): Promise<DataKey> {
    const created = await this.#loader.create(keyring, purpose)
    if (created !== null) return created
    const winner = await this.#loader.findActive(keyring, purpose)
    if (winner === null) throw new KmsUnavailable({ cause: new Error('The active key vanished.') })
    return this.#load(winner)
  }

  #load(stored: StoredDataKey): DataKey | Promise<DataKey> {
    const { id: keyId, keyring, purpose } = stored
    const unwrap = () => this.#loader.unwrap(stored)
    return this.#cache.get(keyId)?.key ?? this.#unwrapOnce({ keyId, keyring, purpose }, unwrap)
  }

  // By use as well as by id, so that who asks for a wrong use does not fail those who ask for the right one.
  #unwrapOnce(context: KeyContext, unwrap: () => Promise<DataKey>): Promise<DataKey> {
    return runOnce(this.#unwrapping, `${context.purpose}:${context.keyId}:${context.keyring}`, async () => {
      const epoch = this.#epoch
      const key = await unwrap()
      if (epoch === this.#epoch) this.#cache.hold(key)
      return key
    })
  }
}

/** Joins whoever asks while the first asker's work is under way. */
function runOnce<T>(running: Map<string, Promise<T>>, id: string, work: () => Promise<T>): Promise<T> {
  const joined = running.get(id)
  if (joined !== undefined) return joined
  const started = work().finally(() => {
    if (running.get(id) === started) running.delete(id)
  })
  running.set(id, started)
  return started
}

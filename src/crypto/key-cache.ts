import type { DataKey } from './data-key.ts'

/** A key in memory: `expiresAt` never moves, `usedAt` does with each use. */
export interface HeldKey {
  readonly key: DataKey
  readonly expiresAt: number
  usedAt: number
}

export interface KeyCacheOptions {
  /** Milliseconds from any fixed point. */
  readonly now: () => number
  /** How many keys are held at most; the one unused for longest gives way. */
  readonly maxKeys: number
  /** How long a key is held at most, however busy: after that, the KMS is asked again. */
  readonly lifetimeMs: number
  /** How long a key is held that nobody uses. */
  readonly idleMs: number
}

/**
 * Unwrapped keys by id, bounded in number and time. Not `lru-cache`, whose entries live by age or by
 * idleness but not by both. A dropped key's raw bytes are gone already (see `importKey`).
 */
export class KeyCache {
  readonly #options: KeyCacheOptions
  readonly #held = new Map<string, HeldKey>()

  constructor(options: KeyCacheOptions) {
    this.#options = options
  }

  get(keyId: string): HeldKey | undefined {
    const held = this.#held.get(keyId)
    return held !== undefined && this.touch(held) ? held : undefined
  }

  hold(key: DataKey): HeldKey {
    const now = this.#options.now()
    const held = { key, expiresAt: now + this.#options.lifetimeMs, usedAt: now }
    this.#held.delete(key.id)
    if (this.#held.size >= this.#options.maxKeys) this.#dropLeastUsed()
    this.#held.set(key.id, held)
    return held
  }

  /** Notes a use of a key that is still fresh; false when it is not. */
  touch(held: HeldKey): boolean {
    const now = this.#options.now()
    if (!this.isFresh(held, now)) return false
    held.usedAt = now
    return true
  }

  drop(keyId: string): void {
    this.#held.delete(keyId)
  }

  clear(): void {
    this.#held.clear()
  }

  /** Drops every key that is no longer fresh. */
  sweep(): void {
    const now = this.#options.now()
    for (const [keyId, held] of this.#held) if (!this.isFresh(held, now)) this.#held.delete(keyId)
  }

  isFresh(held: HeldKey, now: number): boolean {
    return now < held.expiresAt && now - held.usedAt < this.#options.idleMs
  }

  #dropLeastUsed(): void {
    let oldest: HeldKey | undefined
    for (const held of this.#held.values()) {
      if (oldest === undefined || held.usedAt < oldest.usedAt) oldest = held
    }
    if (oldest !== undefined) this.#held.delete(oldest.key.id)
  }
}

import type { LoadKeySet } from './key-loaders.ts'
import { readKeySet, type KeySet, type SignatureAlgorithm } from './key-set.ts'
import { KeySetFault } from './refusals.ts'

/** Where the authenticator finds the issuer's keys. */
export interface KeySource {
  /**
   * The keys in force, or null when there are none: never loaded, or unavailable for too long. Starts a
   * refresh behind the caller's back when they are old.
   */
  current(): KeySet | null
  /**
   * Asks for newer keys, because a token names one that is unknown. All who ask share one load, and nobody
   * causes another before the cooldown has passed: made-up key ids do not become requests to the issuer.
   */
  refresh(): Promise<KeySet | null>
  /** Loads the keys for the first time. @throws {KeySetFault} so that a wrong set stops the start */
  start(): Promise<void>
}

export interface KeySourceOptions {
  readonly load: LoadKeySet
  readonly algorithms: readonly SignatureAlgorithm[]
  /** Milliseconds of a clock that never steps back. */
  readonly now?: () => number
  /** After this long the keys are loaded again, and a key that left the set stops verifying. */
  readonly maxAgeMs?: number
  /** How long beyond that the old keys serve while the set cannot be loaded. Then every token is refused. */
  readonly maxStaleMs?: number
  /** The least time between two loads. */
  readonly cooldownMs?: number
  /** Hears of each load that failed, for the log. */
  readonly onFault?: (fault: KeySetFault) => void
}

/** Keeps an issuer's key set in memory, and up to date without asking for it more than needed. */
export function createKeySource(options: KeySourceOptions): KeySource {
  const { load, algorithms, now = () => performance.now(), onFault } = options
  const { maxAgeMs = 600_000, maxStaleMs = 3_600_000, cooldownMs = 30_000 } = options
  let held: { readonly set: KeySet; readonly asOf: number } | null = null
  let triedAt = -Infinity
  let loading: Promise<void> | null = null

  async function loadOnce(): Promise<void> {
    triedAt = now()
    const asOf = triedAt
    try {
      held = { set: await readKeySet(await load(), algorithms), asOf }
    } catch (error) {
      const fault = error instanceof KeySetFault ? error : new KeySetFault('UNREACHABLE', { cause: error })
      onFault?.(fault)
      throw fault
    } finally {
      loading = null
    }
  }
  function loadShared(): Promise<void> {
    loading ??= loadOnce()
    return loading
  }
  async function refresh(): Promise<KeySet | null> {
    const due = loading !== null || now() - triedAt >= cooldownMs
    if (due) await loadShared().catch(() => undefined)
    return inForce()
  }
  function inForce(): KeySet | null {
    return held !== null && now() - held.asOf < maxAgeMs + maxStaleMs ? held.set : null
  }
  function current(): KeySet | null {
    if (held !== null && now() - held.asOf >= maxAgeMs) void refresh()
    return inForce()
  }
  return { current, refresh, start: loadShared }
}

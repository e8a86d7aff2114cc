import { setTimeout as sleep } from 'node:timers/promises'
import { BadUserInput, IdempotencyInProgress } from '../errors.ts'
import type { Database, DatabaseTx } from '../storage/client.ts'
import { canonicalJson } from './canonical-json.ts'
import {
  bindClaim,
  claim as claimKey,
  completeClaim,
  inspect,
  releaseClaim,
  type Claiming,
  type ClaimKey,
  type HeldClaim,
  type Made,
} from './idempotency-claims.ts'
import type { Caller } from './principal.ts'

/** A run's hold on its key. */
export interface Claim {
  /** The id of the run's attempt at the gateway: a repeat finds it by this. */
  readonly attemptId: string
  /** To be called in the transaction that reserves what is made. @throws {IdempotencyInProgress} */
  bind(tx: DatabaseTx, made: Made): Promise<void>
}

export interface Steps<T> {
  /** Does it: binds what it makes before the gateway is asked. */
  run(claim: Claim): Promise<Made>
  /** Finishes the attempt that an earlier run left. */
  resume(attemptId: string): Promise<void>
  /** What was made, as it is now and as this caller may have it. */
  read(made: Made): Promise<T>
}

export interface IdempotentRequest {
  readonly mutation: string
  /** 1 to 255 visible ASCII characters; null runs without a key. */
  readonly key: string | null
  /** The whole input but for the key. It is kept as an HMAC, never as itself. */
  readonly input: object
}

/** Runs a mutation once for each key of a principal; a repeat gets what the first one made. */
export interface Idempotency {
  /** @throws {BadUserInput | IdempotencyKeyReused | IdempotencyInProgress} */
  once<T>(caller: Caller, request: IdempotentRequest, steps: Steps<T>): Promise<T>
}

interface IdempotencyDeps {
  readonly database: Database
  /** An HMAC under a key of ours; label and parts cannot run into each other. */
  readonly digest: (label: string, parts: readonly string[]) => string | Promise<string>
  readonly now: () => Date
  readonly newId: () => string
  /** How long a claim lasts without its holder's release, in milliseconds: longer than any run. */
  readonly claimMs: number
  /** How long a repeat waits for the first one, in milliseconds, before IDEMPOTENCY_IN_PROGRESS. */
  readonly waitMs: number
}

const KEY = /^[\x21-\x7e]{1,255}$/
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 250

async function digestKey(deps: IdempotencyDeps, caller: Caller, request: IdempotentRequest, key: string) {
  if (!KEY.test(key)) {
    throw new BadUserInput('The idempotency key must have from 1 to 255 visible ASCII characters.')
  }
  const { mutation, input } = request
  const principalId = caller.principal.id
  const keyDigest = await deps.digest('idempotency key', [principalId, mutation, key])
  const inputDigest = await deps.digest('idempotency input', [mutation, canonicalJson(input)])
  return { principalId, mutation, keyDigest, inputDigest }
}

/** Waits a while for the first run to end, or to leave its claim to us. */
async function claimOrWait(
  deps: IdempotencyDeps,
  key: ClaimKey,
): Promise<Exclude<Claiming, { state: 'RUNNING' }>> {
  const giveUpAt = performance.now() + deps.waitMs
  let claiming = await claimKey(deps, key)
  for (let pauseMs = FIRST_PAUSE_MS; claiming.state === 'RUNNING'; pauseMs *= 2) {
    if (performance.now() > giveUpAt) throw new IdempotencyInProgress()
    await sleep(Math.min(pauseMs, LONGEST_PAUSE_MS))
    claiming = await inspect(deps, key)
  }
  return claiming
}

async function runClaimed<T>(deps: IdempotencyDeps, held: HeldClaim, steps: Steps<T>): Promise<Made> {
  try {
    if (held.made !== null) await steps.resume(held.id)
    const made =
      held.made ??
      (await steps.run({ attemptId: held.id, bind: (tx, result) => bindClaim(tx, held, result) }))
    await completeClaim(deps, held)
    return made
  } catch (error) {
    // When the release fails too, the claim runs out by itself; the caller must learn of the first error.
    await releaseClaim(deps, held).catch(() => undefined)
    throw error
  }
}

export function createIdempotency(deps: IdempotencyDeps): Idempotency {
  return {
    async once(caller, request, steps) {
      if (request.key === null) {
        return steps.read(await steps.run({ attemptId: deps.newId(), bind: () => Promise.resolve() }))
      }
      const claiming = await claimOrWait(deps, await digestKey(deps, caller, request, request.key))
      if (claiming.state === 'DONE') return steps.read(claiming.made)
      return steps.read(await runClaimed(deps, claiming.claim, steps))
    },
  }
}

/** Forgets keys after their 30 days; says how many. */
export async function purgeExpiredKeys(deps: Pick<IdempotencyDeps, 'database' | 'now'>): Promise<number> {
  const { count } = await deps.database.idempotencyRecord.deleteMany({
    where: { expiresAt: { lte: deps.now() } },
  })
  return count
}

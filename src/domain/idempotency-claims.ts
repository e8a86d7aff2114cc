import { IdempotencyInProgress, IdempotencyKeyReused } from '../errors.ts'
import type { Database, DatabaseTx } from '../storage/client.ts'

/** What a mutation made, to be read again at replay. */
export interface Made {
  readonly type: 'Transaction' | 'Refund'
  readonly id: string
}

/** A claim that is held: until `lockedUntil` nobody else runs this key. */
export interface HeldClaim {
  readonly id: string
  readonly lockedUntil: Date
  /** What an earlier holder had reserved before it died. */
  readonly made: Made | null
}

export type Claiming =
  | { readonly state: 'CLAIMED'; readonly claim: HeldClaim }
  | { readonly state: 'DONE'; readonly made: Made }
  | { readonly state: 'RUNNING' }

export interface ClaimKey {
  readonly principalId: string
  readonly mutation: string
  readonly keyDigest: string
  readonly inputDigest: string
}

interface ClaimDeps {
  readonly database: Database
  readonly now: () => Date
  readonly newId: () => string
  /** How long a claim lasts without its holder's release: longer than any run. */
  readonly claimMs: number
}

const LIFETIME_MS = 30 * 24 * 60 * 60 * 1000

const after = (from: Date, ms: number) => new Date(from.getTime() + ms)

async function insertClaim(
  { database, now, newId, claimMs }: ClaimDeps,
  key: ClaimKey,
): Promise<HeldClaim | null> {
  const id = newId()
  const createdAt = now()
  const lockedUntil = after(createdAt, claimMs)
  const row = { id, createdAt, expiresAt: after(createdAt, LIFETIME_MS), lockedUntil, ...key }
  const { count } = await database.idempotencyRecord.createMany({ data: [row], skipDuplicates: true })
  return count === 1 ? { id, lockedUntil, made: null } : null
}

function findRecord({ database }: ClaimDeps, { principalId, mutation, keyDigest }: ClaimKey) {
  return database.idempotencyRecord.findUnique({
    where: { principalId_mutation_keyDigest: { principalId, mutation, keyDigest } },
  })
}

type RecordRow = NonNullable<Awaited<ReturnType<typeof findRecord>>>

function madeOf({ resultType, resultId }: RecordRow): Made | null {
  if (resultId === null || (resultType !== 'Transaction' && resultType !== 'Refund')) return null
  return { type: resultType, id: resultId }
}

/** Of many that find a claim run out, the one whose update still finds the old term takes it over. */
async function takeOver({ database, now, claimMs }: ClaimDeps, record: RecordRow): Promise<Claiming> {
  const lockedUntil = after(now(), claimMs)
  const { count } = await database.idempotencyRecord.updateMany({
    where: { id: record.id, state: 'RUNNING', lockedUntil: record.lockedUntil },
    data: { lockedUntil },
  })
  if (count === 0) return { state: 'RUNNING' }
  return { state: 'CLAIMED', claim: { id: record.id, lockedUntil, made: madeOf(record) } }
}

/**
 * Claims a key, or tells who has it.
 * @throws {IdempotencyKeyReused} when the key came with another input.
 */
export async function claim(deps: ClaimDeps, key: ClaimKey): Promise<Claiming> {
  const fresh = await insertClaim(deps, key)
  if (fresh !== null) return { state: 'CLAIMED', claim: fresh }
  return inspect(deps, key)
}

/** As `claim`, when the key was seen already: cheaper to ask again and again. */
export async function inspect(deps: ClaimDeps, key: ClaimKey): Promise<Claiming> {
  const record = await findRecord(deps, key)
  if (record === null) return claim(deps, key)
  const now = deps.now()
  if (record.expiresAt <= now) {
    await deps.database.idempotencyRecord.deleteMany({ where: { id: record.id, expiresAt: { lte: now } } })
    return claim(deps, key)
  }
  if (record.inputDigest !== key.inputDigest) throw new IdempotencyKeyReused()
  const made = madeOf(record)
  if (record.state === 'DONE' && made !== null) return { state: 'DONE', made }
  return record.lockedUntil <= now ? takeOver(deps, record) : { state: 'RUNNING' }
}

/**
 * Ties what is being made to the key, in the transaction that reserves it.
 * @throws {IdempotencyInProgress} when the claim was taken over: the transaction must not go on.
 */
export async function bindClaim(tx: DatabaseTx, { id, lockedUntil }: HeldClaim, made: Made): Promise<void> {
  const { count } = await tx.idempotencyRecord.updateMany({
    where: { id, lockedUntil, state: 'RUNNING', resultId: null },
    data: { resultType: made.type, resultId: made.id },
  })
  if (count === 0) throw new IdempotencyInProgress()
}

/** Replays from here on. */
export async function completeClaim({ database }: ClaimDeps, { id }: HeldClaim): Promise<void> {
  await database.idempotencyRecord.updateMany({ where: { id }, data: { state: 'DONE' } })
}

/**
 * Lets go after a failure: a key under which nothing was reserved is free again; one under which
 * something was is left for a repeat to finish, at once.
 */
export async function releaseClaim(
  { database, now }: ClaimDeps,
  { id, lockedUntil }: HeldClaim,
): Promise<void> {
  const mine = { id, lockedUntil, state: 'RUNNING' } as const
  const { count } = await database.idempotencyRecord.deleteMany({ where: { ...mine, resultId: null } })
  if (count === 1) return
  await database.idempotencyRecord.updateMany({ where: mine, data: { lockedUntil: now() } })
}

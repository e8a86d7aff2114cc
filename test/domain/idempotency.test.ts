import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 } from 'uuid'
import { createIdempotency, purgeExpiredKeys, type Claim } from '../../src/domain/idempotency.ts'
import type { Made } from '../../src/domain/idempotency-claims.ts'
import {
  callerAs,
  openTestDomain,
  outcomesOf,
  paymentOf,
  uniqueText,
  type TestDomain,
} from '../support/domain.ts'

let domain: TestDomain

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** The same table seen by a process whose clock is `aheadMs` ahead, and that waits for nobody. */
function idempotencyAt(aheadMs: number) {
  const { database, newId } = domain.deps
  return createIdempotency({
    database,
    newId,
    digest: domain.digest,
    now: () => new Date(Date.now() + aheadMs),
    claimMs: MINUTE,
    waitMs: 0,
  })
}

const caller = callerAs(['ADMIN'])
const request = (key: string | null, input: object = { amount: '1' }) => ({ mutation: 'charge', key, input })

/** Steps that reserve something and tell what was called. */
function steps(run?: (claim: Claim) => Promise<Made>) {
  const calls: string[] = []
  return {
    calls,
    async run(claim: Claim) {
      calls.push('run')
      if (run !== undefined) return run(claim)
      const made = { type: 'Transaction', id: v7() } as const
      await domain.deps.database.$transaction((tx) => claim.bind(tx, made))
      return made
    },
    resume(attemptId: string) {
      calls.push(`resume ${attemptId}`)
      return Promise.resolve()
    },
    read: ({ id }: Made) => Promise.resolve(id),
  }
}

const dies = () => Promise.reject(new Error('killed'))

describe('an idempotency key', () => {
  it.each(['', 'a b', 'ü', 'a\n', '\u0000', 'x'.repeat(256)])('%j is refused', async (key) => {
    const once = idempotencyAt(0).once(caller, request(key), steps())
    await expect(once).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  it('gives a repeat what the first one made, however the input is written', async () => {
    const key = uniqueText('key')
    const keys = idempotencyAt(0)
    const first = await keys.once(
      caller,
      request(key, { amount: '1', orderId: null, method: { a: 1, b: 2 } }),
      steps(),
    )
    const repeat = steps()
    expect(await keys.once(caller, request(key, { method: { b: 2, a: 1 }, amount: '1' }), repeat)).toBe(first)
    expect(repeat.calls).toEqual([])
  })

  it('with another input is refused', async () => {
    const key = uniqueText('key')
    const keys = idempotencyAt(0)
    await keys.once(caller, request(key), steps())
    const other = keys.once(caller, request(key, { amount: '2' }), steps())
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', retryable: false })
  })

  it('is another one for another principal and for another mutation', async () => {
    const key = uniqueText('key')
    const keys = idempotencyAt(0)
    const made = await keys.once(caller, request(key), steps())
    expect(await keys.once(callerAs(['ADMIN']), request(key), steps())).not.toBe(made)
    expect(await keys.once(caller, { ...request(key), mutation: 'refund' }, steps())).not.toBe(made)
  })

  it('and its input are stored as digests alone', async () => {
    const key = uniqueText('key')
    const input = { orderId: uniqueText('order') }
    await idempotencyAt(0).once(caller, request(key, input), steps())
    const rows = JSON.stringify(await domain.deps.database.idempotencyRecord.findMany())
    expect(rows).not.toContain(key)
    expect(rows).not.toContain(input.orderId)
  })

  it('whose run failed before anything was reserved is free for a corrected repeat', async () => {
    const key = uniqueText('key')
    const keys = idempotencyAt(0)
    await expect(keys.once(caller, request(key), steps(dies))).rejects.toThrow('killed')
    const corrected = steps()
    await keys.once(caller, request(key, { amount: '2' }), corrected)
    expect(corrected.calls).toEqual(['run'])
  })

  it('whose run failed after something was reserved is resumed by the next, and not run again', async () => {
    const key = uniqueText('key')
    const keys = idempotencyAt(0)
    const made = { type: 'Transaction', id: v7() } as const
    let attemptId = ''
    const first = steps(async (claim) => {
      attemptId = claim.attemptId
      await domain.deps.database.$transaction((tx) => claim.bind(tx, made))
      return dies()
    })
    await expect(keys.once(caller, request(key), first)).rejects.toThrow('killed')
    const next = steps()
    expect(await keys.once(caller, request(key), next)).toBe(made.id)
    expect(next.calls).toEqual([`resume ${attemptId}`])
  })

  it('that is running tells so, and is taken over by exactly one once its holder is dead', async () => {
    const key = uniqueText('key')
    const made = { type: 'Transaction', id: v7() } as const
    const held = Promise.withResolvers<never>()
    const bound = Promise.withResolvers<undefined>()
    const holder = steps(async (claim) => {
      await domain.deps.database.$transaction((tx) => claim.bind(tx, made))
      bound.resolve(undefined)
      return held.promise
    })
    const holding = idempotencyAt(0).once(caller, request(key), holder)
    await bound.promise
    const early = idempotencyAt(MINUTE / 2).once(caller, request(key), steps())
    await expect(early).rejects.toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS', retryable: true })
    const takers = Array.from({ length: 10 }, () => steps())
    const late = idempotencyAt(2 * MINUTE)
    const { values } = await outcomesOf(takers.map((taker) => late.once(caller, request(key), taker)))
    expect(new Set(values)).toEqual(new Set([made.id]))
    expect(takers.flatMap(({ calls }) => calls)).toHaveLength(1)
    held.reject(new Error('killed'))
    await expect(holding).rejects.toThrow('killed')
  })

  it('that was taken over binds nothing any more for who held it', async () => {
    const key = uniqueText('key')
    const slow = Promise.withResolvers<undefined>()
    const started = Promise.withResolvers<undefined>()
    const holder = steps(async (claim) => {
      started.resolve(undefined)
      await slow.promise
      const made = { type: 'Transaction', id: v7() } as const
      await domain.deps.database.$transaction((tx) => claim.bind(tx, made))
      return made
    })
    const holding = idempotencyAt(0).once(caller, request(key), holder)
    await started.promise
    const taken = await idempotencyAt(2 * MINUTE).once(caller, request(key), steps())
    slow.resolve(undefined)
    await expect(holding).rejects.toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS' })
    expect(await idempotencyAt(0).once(caller, request(key), steps())).toBe(taken)
  })

  it('is forgotten after 30 days', async () => {
    const key = uniqueText('key')
    const made = await idempotencyAt(0).once(caller, request(key), steps())
    expect(await idempotencyAt(29 * DAY).once(caller, request(key), steps())).toBe(made)
    expect(await idempotencyAt(31 * DAY).once(caller, request(key, { amount: '2' }), steps())).not.toBe(made)
    const { database } = domain.deps
    await purgeExpiredKeys({ database, now: () => new Date(Date.now() + 70 * DAY) })
    expect(await database.idempotencyRecord.count()).toBe(0)
  })
})

describe('a replayed payment', () => {
  it('is in its current state, and only for who may see it', async () => {
    const admin = callerAs(['ADMIN'])
    const input = await paymentOf(domain, '5', { idempotencyKey: uniqueText('key') })
    const { id } = await domain.payments.charge(admin, input)
    await domain.payments.refund(admin, { transactionId: id, amount: '2', idempotencyKey: null })
    expect(await domain.payments.charge(admin, input)).toMatchObject({ id, refundedMinor: 200n })
    const demoted = callerAs(['CUSTOMER'], v7(), admin.principal.id)
    await expect(domain.payments.charge(demoted, input)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

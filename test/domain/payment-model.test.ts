import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { SealpayError } from '../../src/errors.ts'
import { callerAs, openTestDomain, paymentOf, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
const admin = callerAs(['ADMIN'])

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

/** What a payment must be after the steps that were accepted. */
interface Model {
  status: 'AUTHORIZED' | 'SUBMITTED_FOR_SETTLEMENT' | 'VOIDED'
  captured: bigint
  refunded: bigint
}

const AUTHORISED = 1000n

type Step = { readonly kind: 'capture' | 'refund' | 'reverse'; readonly minor: bigint }

/** Whether the step is allowed, having changed the model if it is. */
function applyTo(model: Model, { kind, minor }: Step): boolean {
  if (kind === 'capture') {
    if (model.status === 'VOIDED' || model.captured + minor > AUTHORISED) return false
    Object.assign(model, { status: 'SUBMITTED_FOR_SETTLEMENT', captured: model.captured + minor })
    return true
  }
  const refundable = model.status === 'SUBMITTED_FOR_SETTLEMENT' ? model.captured - model.refunded : 0n
  if (kind === 'refund') {
    if (minor > refundable) return false
    model.refunded += minor
    return true
  }
  if (model.status !== 'VOIDED' && model.refunded === 0n) {
    Object.assign(model, { status: 'VOIDED', captured: 0n })
    return true
  }
  model.refunded += refundable
  return refundable > 0n
}

async function take({ kind, minor }: Step, transactionId: string): Promise<boolean> {
  const input = { transactionId, idempotencyKey: null }
  const amount = `${minor / 100n}.${(minor % 100n).toString().padStart(2, '0')}`
  try {
    if (kind === 'reverse') await domain.payments.reverse(admin, input)
    else await domain.payments[kind](admin, { ...input, amount })
    return true
  } catch (error) {
    if (error instanceof SealpayError && /BAD_USER_INPUT|INVALID_TRANSITION/.test(error.code)) return false
    throw error
  }
}

const step = fc.record<Step>({
  kind: fc.constantFrom('capture', 'capture', 'refund', 'refund', 'reverse'),
  minor: fc.bigInt({ min: 1n, max: 600n }),
})

describe('whatever is captured, given back and called off', () => {
  it('leaves what the accepted steps add up to, and never more than was authorised', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (sequence) => {
        const { id } = await domain.payments.authorise(admin, await paymentOf(domain, '10'))
        const model: Model = { status: 'AUTHORIZED', captured: 0n, refunded: 0n }
        for (const one of sequence) expect(await take(one, id)).toBe(applyTo(model, one))
        const { status, capturedMinor, refundedMinor } = await domain.queries.transaction(admin, id)
        expect({ status, captured: capturedMinor, refunded: refundedMinor }).toEqual(model)
        const [refunds = []] = await domain.queries.refundsOf(admin, [id])
        expect(refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(refundedMinor)
      }),
      { numRuns: 15 },
    )
  }, 120_000)
})

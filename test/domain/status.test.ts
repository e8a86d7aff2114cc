import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  followers,
  isTerminal,
  mayFollow,
  pathBetween,
  PAYMENT_STATUSES,
  type PaymentKind,
} from '../../src/domain/status.ts'

const kind = fc.constantFrom<PaymentKind>('Transaction', 'Refund')
const status = fc.constantFrom(...PAYMENT_STATUSES)

describe('the status machine', () => {
  it('never returns to a status that it left', () => {
    fc.assert(
      fc.property(kind, status, status, (of, from, to) => {
        fc.pre(from !== to)
        expect(pathBetween(of, from, to) !== null && pathBetween(of, to, from) !== null).toBe(false)
      }),
    )
  })

  it('gives ways of allowed steps alone', () => {
    fc.assert(
      fc.property(kind, status, status, (of, from, to) => {
        const path = pathBetween(of, from, to) ?? []
        for (const [index, next] of path.entries()) {
          expect(mayFollow(of, path[index - 1] ?? from, next)).toBe(true)
        }
      }),
    )
  })

  it('goes over what the gateway left unsaid', () => {
    expect(pathBetween('Transaction', 'SUBMITTED_FOR_SETTLEMENT', 'SETTLEMENT_CONFIRMED')).toEqual([
      'SETTLEMENT_PENDING',
      'SETTLEMENT_CONFIRMED',
    ])
  })

  it('has no way out of an end', () => {
    for (const payment of ['Transaction', 'Refund'] as const) {
      for (const from of PAYMENT_STATUSES.filter((name) => isTerminal(payment, name))) {
        expect(
          PAYMENT_STATUSES.filter((to) => to !== from && pathBetween(payment, from, to) !== null),
        ).toEqual([])
      }
    }
  })

  it.each([
    ['VOIDED', 'SUBMITTED_FOR_SETTLEMENT'],
    ['SETTLED', 'VOIDED'],
    ['PROCESSOR_DECLINED', 'AUTHORIZED'],
    ['AUTHORIZATION_EXPIRED', 'SUBMITTED_FOR_SETTLEMENT'],
    ['FAILED', 'AUTHORIZED'],
  ] as const)('does not go from %s to %s', (from, to) => {
    expect(mayFollow('Transaction', from, to)).toBe(false)
  })

  it('knows the followers of a status', () => {
    expect(followers('Refund', 'SETTLING')).toEqual(['SETTLED', 'SETTLEMENT_DECLINED'])
  })
})

import type { PaymentStatus } from '../status.ts'

/** A payment of the demo: how it is made, and where it ends. */
export interface DemoPayment {
  /** Unique, and how a later run knows that it is there. */
  readonly orderId: string
  readonly customer: number
  readonly daysAgo: number
  readonly amount: string
  readonly currencyCode: string
  readonly status: PaymentStatus
  /** Parts of the amount that are captured, in percent, 100 being all that is left; a charge when empty. */
  readonly captures: readonly number[]
  /** Parts that are given back, likewise. */
  readonly refunds: readonly number[]
  readonly reason: string
}

const PAYMENTS = 300
const DAYS = 90
const CURRENCIES = ['USD', 'USD', 'EUR', 'USD', 'GBP', 'EUR', 'JPY', 'USD', 'KWD', 'GBP'] as const
const DECIMALS: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 }
const REASONS = ['Returned goods', 'Damaged in transit', 'Duplicate order', 'Goodwill', 'Wrong size']

interface Exception {
  readonly status: PaymentStatus
  /** One payment of so many. */
  readonly every: number
  /** At what age, in days, a payment may stand there. */
  readonly age: readonly [least: number, most: number]
}

/** The payments that did not simply settle. */
const EXCEPTIONS: readonly Exception[] = [
  { status: 'AUTHORIZING', every: 97, age: [0, 5] },
  { status: 'FAILED', every: 53, age: [1, DAYS] },
  { status: 'GATEWAY_REJECTED', every: 47, age: [0, DAYS] },
  { status: 'SETTLEMENT_DECLINED', every: 43, age: [5, DAYS] },
  { status: 'AUTHORIZATION_EXPIRED', every: 37, age: [8, DAYS] },
  { status: 'SETTLEMENT_CONFIRMED', every: 31, age: [2, 30] },
  { status: 'SETTLEMENT_PENDING', every: 29, age: [2, 30] },
  { status: 'VOIDED', every: 19, age: [1, DAYS] },
  { status: 'PROCESSOR_DECLINED', every: 11, age: [0, DAYS] },
  { status: 'AUTHORIZED', every: 5, age: [0, 6] },
]

/** A number that looks drawn, and is always the same for the same seed (the finaliser of MurmurHash3). */
function scatter(seed: number): number {
  let hash = Math.imul(seed + 1, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function statusOf(index: number, daysAgo: number): PaymentStatus {
  const exception = EXCEPTIONS.find(
    ({ every, age: [least, most] }) => index % every === every - 1 && daysAgo >= least && daysAgo <= most,
  )
  if (exception !== undefined) return exception.status
  if (daysAgo < 2) return 'SUBMITTED_FOR_SETTLEMENT'
  return daysAgo < 4 ? 'SETTLING' : 'SETTLED'
}

function amountOf(index: number, currencyCode: string): string {
  const decimals = DECIMALS[currencyCode] ?? 2
  const major = 4 + (scatter(index) % 400)
  if (decimals === 0) return String(major * 100)
  return `${major}.${String(scatter(index + 10_000) % 10 ** decimals).padStart(decimals, '0')}`
}

function planPayment(index: number, customers: number): DemoPayment {
  const daysAgo = Math.floor(((PAYMENTS - index) * DAYS) / PAYMENTS)
  const currencyCode = CURRENCIES[index % CURRENCIES.length] ?? 'USD'
  const status = statusOf(index, daysAgo)
  const isSettled = status === 'SETTLED'
  return {
    orderId: `DEMO-${String(1001 + index)}`,
    // Every eighth is the CUSTOMER demo identity's, so that it has something to see.
    customer: index % 8 === 0 ? 0 : scatter(index + 20_000) % customers,
    daysAgo,
    amount: amountOf(index, currencyCode),
    currencyCode,
    status,
    captures: isSettled && index % 9 === 4 ? [60, 100] : [],
    refunds: !isSettled ? [] : index % 13 === 2 ? [100] : index % 10 === 6 ? [20, 15] : [],
    reason: REASONS[scatter(index + 30_000) % REASONS.length] ?? '',
  }
}

/** The payments of the demo, oldest first. */
export function demoPayments(customers: number): readonly DemoPayment[] {
  return Array.from({ length: PAYMENTS }, (_, index) => planPayment(index, customers))
}

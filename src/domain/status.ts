/** Where a payment stands. The same names as `enum PaymentStatus` in the SDL and in the database. */
export const PAYMENT_STATUSES = [
  'AUTHORIZING',
  'AUTHORIZED',
  'AUTHORIZATION_EXPIRED',
  'SUBMITTED_FOR_SETTLEMENT',
  'SETTLING',
  'SETTLEMENT_PENDING',
  'SETTLEMENT_CONFIRMED',
  'SETTLED',
  'SETTLEMENT_DECLINED',
  'PROCESSOR_DECLINED',
  'GATEWAY_REJECTED',
  'FAILED',
  'VOIDED',
] as const

export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

export type PaymentKind = 'Transaction' | 'Refund'

type Transitions = Readonly<Partial<Record<PaymentStatus, readonly PaymentStatus[]>>>

/**
 * The status machine: what may follow what. The database holds the same table
 * (`sealpay_allowed_transitions()`) and refuses the rest; a test compares the two.
 */
export const TRANSITIONS: Readonly<Record<PaymentKind, Transitions>> = {
  Transaction: {
    AUTHORIZING: [
      'AUTHORIZED',
      'SUBMITTED_FOR_SETTLEMENT',
      'PROCESSOR_DECLINED',
      'GATEWAY_REJECTED',
      'FAILED',
    ],
    AUTHORIZED: ['SUBMITTED_FOR_SETTLEMENT', 'VOIDED', 'AUTHORIZATION_EXPIRED'],
    SUBMITTED_FOR_SETTLEMENT: ['SETTLING', 'SETTLEMENT_PENDING', 'SETTLED', 'SETTLEMENT_DECLINED', 'VOIDED'],
    SETTLING: ['SETTLED', 'SETTLEMENT_PENDING', 'SETTLEMENT_DECLINED'],
    SETTLEMENT_PENDING: ['SETTLEMENT_CONFIRMED', 'SETTLED', 'SETTLEMENT_DECLINED'],
    SETTLEMENT_CONFIRMED: ['SETTLED'],
  },
  Refund: {
    AUTHORIZING: ['SUBMITTED_FOR_SETTLEMENT', 'PROCESSOR_DECLINED', 'GATEWAY_REJECTED', 'FAILED'],
    SUBMITTED_FOR_SETTLEMENT: ['SETTLING', 'SETTLED', 'SETTLEMENT_DECLINED'],
    SETTLING: ['SETTLED', 'SETTLEMENT_DECLINED'],
  },
}

/** What may follow `from`; nothing when it is terminal. */
export function followers(kind: PaymentKind, from: PaymentStatus): readonly PaymentStatus[] {
  return TRANSITIONS[kind][from] ?? []
}

export function mayFollow(kind: PaymentKind, from: PaymentStatus, to: PaymentStatus): boolean {
  return followers(kind, from).includes(to)
}

/** Whether nothing can follow. */
export function isTerminal(kind: PaymentKind, status: PaymentStatus): boolean {
  return followers(kind, status).length === 0
}

/**
 * The shortest allowed way from one status to another, without `from` and with `to`; null when there is
 * none. A gateway reports where a payment stands, not each step on the way.
 */
export function pathBetween(
  kind: PaymentKind,
  from: PaymentStatus,
  to: PaymentStatus,
): readonly PaymentStatus[] | null {
  const paths: (readonly PaymentStatus[])[] = [[]]
  const seen = new Set<PaymentStatus>([from])
  for (const path of paths) {
    const last = path.at(-1) ?? from
    if (last === to) return path
    for (const next of followers(kind, last)) {
      if (seen.has(next)) continue
      seen.add(next)
      paths.push([...path, next])
    }
  }
  return null
}

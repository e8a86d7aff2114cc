import type { GatewayOutcome } from '../gateway/gateway.ts'
import { InvalidTransition } from '../errors.ts'
import type { DatabaseTx } from '../storage/client.ts'
import type { DomainDeps } from './deps.ts'
import type { PaymentSource } from './payment.ts'
import { isTerminal, mayFollow, type PaymentKind, type PaymentStatus } from './status.ts'

interface Step {
  readonly kind: PaymentKind
  /** The payment as it is before the step. */
  readonly payment: {
    readonly id: string
    readonly status: PaymentStatus
    readonly currencyCode: string
    readonly source: PaymentSource
  }
  /** The status after it. The same as before for a step that leaves it, such as a second capture. */
  readonly to: PaymentStatus
  readonly amountMinor: bigint
  /** What the gateway answered; null when it was not asked. */
  readonly outcome: GatewayOutcome | null
}

/**
 * Appends a step to a payment's history. The caller changes the status itself in the same transaction.
 * @throws {InvalidTransition} when the status machine does not have the step.
 */
export async function appendStep(
  deps: Pick<DomainDeps, 'now' | 'newId'>,
  tx: DatabaseTx,
  { kind, payment, to, amountMinor, outcome }: Step,
): Promise<void> {
  if (to !== payment.status && !mayFollow(kind, payment.status, to)) {
    throw new InvalidTransition(`A ${kind.toLowerCase()} does not go from ${payment.status} to ${to}.`)
  }
  await tx.paymentStatusEvent.create({
    data: {
      id: deps.newId(),
      createdAt: deps.now(),
      ...(kind === 'Transaction' ? { transactionId: payment.id } : { refundId: payment.id }),
      status: to,
      amountMinor,
      currencyCode: payment.currencyCode,
      source: payment.source,
      terminal: isTerminal(kind, to),
      responseCode: outcome?.responseCode ?? null,
      responseMessage: outcome?.responseMessage ?? null,
      declineType: outcome?.declineType ?? null,
    },
    select: { id: true },
  })
}

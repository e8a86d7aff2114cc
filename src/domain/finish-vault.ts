import type { CardDetails, VaultedMethod } from '../gateway/gateway.ts'
import type { DatabaseTx } from '../storage/client.ts'
import { FILLED_IN, sealing } from '../storage/sealing.ts'
import type { Answer } from './ask-gateway.ts'
import type { MoneyAttempt } from './attempt.ts'
import type { AuditActor } from './audit-entry.ts'
import type { DomainDeps } from './deps.ts'
import type { Caller } from './principal.ts'

/** What of a card is kept in clear beside a method and a payment. */
export function cardColumns(card: Omit<CardDetails, 'cardholderName' | 'billingAddress'>) {
  const { brandCode, last4, bin, expirationMonth, expirationYear, uniqueNumberIdentifier } = card
  return { brandCode, last4, bin, expirationMonth, expirationYear, uniqueNumberIdentifier }
}

interface StoreMethod {
  readonly id: string
  readonly customerId: string
  readonly method: VaultedMethod
  readonly makeDefault: boolean
}

/**
 * Stores a method for a living customer, as the default when it is asked for or the first.
 * False when the customer was deleted meanwhile: the method must then be forgotten at the gateway.
 */
export async function storeMethod(
  deps: DomainDeps,
  tx: DatabaseTx,
  actor: Caller | AuditActor,
  { id, customerId, method, makeDefault }: StoreMethod,
): Promise<boolean> {
  await tx.$queryRaw`SELECT "id" FROM "Customer" WHERE "id" = ${customerId}::uuid FOR UPDATE`
  const customer = await tx.customer.findFirst({ where: { id: customerId, deletedAt: null } })
  if (customer === null) return false
  const { card } = method
  await tx.customerGatewayToken.create({
    data: {
      id,
      createdAt: deps.now(),
      customerId,
      gateway: deps.gateway.name,
      token: method.token,
      tokenIndex: FILLED_IN,
      ...cardColumns(card),
      cardholderName: card.cardholderName,
      billingAddress: card.billingAddress === null ? null : sealing({ ...card.billingAddress }),
    },
  })
  if (makeDefault || customer.defaultPaymentMethodId === null) {
    const data = { defaultPaymentMethodId: id, updatedAt: deps.now() }
    await tx.customer.update({ where: { id: customerId }, data })
  }
  await deps.audit.recordIn(tx, actor, {
    kind: 'PAYMENT_METHOD_CHANGED',
    paymentMethodId: id,
    customerId,
    change: 'VAULTED',
  })
  return true
}

/**
 * Keeps the method that the gateway stored on the way to a payment, and ties the payment to it. What is
 * not kept stays OPEN, for `forgetUnkept` to forget at the gateway.
 */
export async function finishVault(
  deps: DomainDeps,
  tx: DatabaseTx,
  actor: Caller | AuditActor,
  {
    attempt,
    answer,
    keep,
  }: { readonly attempt: MoneyAttempt; readonly answer: Answer; readonly keep: boolean },
): Promise<void> {
  if (answer.vaulted === null || !keep) return
  const where = { transactionId: attempt.transaction.id, kind: 'VAULT', state: 'OPEN' } as const
  const storing = await tx.gatewayAttempt.findFirst({ where })
  const { paymentMethodId: id, customerId } = storing ?? {}
  if (storing === null || id == null || customerId == null) return
  const stored = await storeMethod(deps, tx, actor, {
    id,
    customerId,
    method: answer.vaulted,
    makeDefault: false,
  })
  if (!stored) return
  await tx.transaction.update({ where: { id: attempt.transaction.id }, data: { paymentMethodId: id } })
  await tx.gatewayAttempt.update({
    where: { id: storing.id },
    data: { state: 'SUCCEEDED', updatedAt: deps.now() },
  })
}

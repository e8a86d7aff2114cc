import { BadUserInput, GatewayUnavailable, NotFound } from '../errors.ts'
import type { VaultedMethod } from '../gateway/gateway.ts'
import type { DatabaseTx } from '../storage/client.ts'
import { consumedToken, vaultAgain } from './ask-gateway.ts'
import { systemActor, type AuditActor } from './audit-entry.ts'
import { shortTransaction, type DomainDeps } from './deps.ts'
import { storeMethod } from './finish-vault.ts'
import { customersInReach } from './ownership.ts'
import type { Caller } from './principal.ts'
import { requireRowId } from './row-id.ts'
import { consumeToken, lookUpSingleUse } from './single-use-token.ts'

interface Storing {
  readonly attemptId: string
  readonly paymentMethodId: string
  readonly customerId: string
  readonly makeDefault: boolean
}

async function reserveVault(
  deps: DomainDeps,
  tx: DatabaseTx,
  caller: Caller,
  storing: Storing,
  token: string,
) {
  const { attemptId, paymentMethodId, customerId } = storing
  const where = { id: customerId, deletedAt: null, AND: customersInReach(caller) }
  const customer = await tx.customer.findFirst({ where, select: { id: true } })
  if (customer === null) throw new NotFound('customer')
  await consumeToken(deps, tx, token, paymentMethodId)
  const now = deps.now()
  const stamp = { id: attemptId, createdAt: now, updatedAt: now }
  await tx.gatewayAttempt.create({
    data: { ...stamp, kind: 'VAULT', gateway: deps.gateway.name, paymentMethodId, customerId },
  })
}

/** False when somebody else closed it. */
async function closeAttempt(
  deps: DomainDeps,
  tx: Pick<DatabaseTx, 'gatewayAttempt'>,
  id: string,
  state: 'SUCCEEDED' | 'FAILED',
): Promise<boolean> {
  const data = { state, updatedAt: deps.now() }
  const { count } = await tx.gatewayAttempt.updateMany({ where: { id, state: 'OPEN' }, data })
  return count === 1
}

/** False when the customer is gone by now: the method is then forgotten at the gateway. */
async function finishStoring(
  deps: DomainDeps,
  actor: Caller | AuditActor,
  storing: Storing,
  method: VaultedMethod,
): Promise<boolean> {
  const { attemptId, paymentMethodId: id, customerId, makeDefault } = storing
  const isKept = await shortTransaction(deps, async (tx) => {
    const current = await tx.gatewayAttempt.findUniqueOrThrow({ where: { id: attemptId } })
    if (current.state !== 'OPEN') return current.state === 'SUCCEEDED'
    const stored = await storeMethod(deps, tx, actor, { id, customerId, method, makeDefault })
    return stored && closeAttempt(deps, tx, attemptId, 'SUCCEEDED')
  })
  if (isKept) return true
  await deps.gateway.deletePaymentMethod(method.token)
  await closeAttempt(deps, deps.database, attemptId, 'FAILED')
  return false
}

/**
 * Turns a single-use token into a stored method, and gives its id.
 * @throws {NotFound | BadUserInput | Conflict | GatewayUnavailable}
 */
export async function vaultMethod(
  deps: DomainDeps,
  caller: Caller,
  { token, customerId, makeDefault }: { token: string; customerId: string; makeDefault: boolean },
): Promise<string> {
  requireRowId(customerId, 'customer')
  await lookUpSingleUse(deps, token)
  const storing = { attemptId: deps.newId(), paymentMethodId: deps.newId(), customerId, makeDefault }
  await shortTransaction(deps, (tx) => reserveVault(deps, tx, caller, storing, token))
  const method = await vaultAgain(deps, { id: storing.attemptId, customerId }, token)
  if (method === null) {
    await closeAttempt(deps, deps.database, storing.attemptId, 'FAILED')
    throw new BadUserInput('The payment method is not known.')
  }
  if (!(await finishStoring(deps, caller, storing, method))) throw new NotFound('customer')
  return storing.paymentMethodId
}

/**
 * Ends a VAULT attempt that a crash left. One of a payment is forgotten at the gateway, since the payment was
 * settled without it; one of `vaultPaymentMethod` is stored after all, as its customer asked.
 * @throws {GatewayUnavailable}
 */
export async function settleVault(deps: DomainDeps, attemptId: string): Promise<void> {
  const attempt = await deps.database.gatewayAttempt.findUniqueOrThrow({
    where: { id: attemptId },
    include: { transaction: { select: { status: true } } },
  })
  const { transactionId, transaction, paymentMethodId, customerId } = attempt
  if (attempt.state !== 'OPEN' || paymentMethodId === null || customerId === null) return
  if (transaction?.status === 'AUTHORIZING') return
  const known = await deps.gateway.findByIdempotencyKey(attemptId)
  const token = known === null ? null : await consumedToken(deps, transactionId ?? paymentMethodId)
  const method = await vaultAgain(deps, attempt, token)
  if (method !== null && transactionId === null) {
    const storing = { attemptId, paymentMethodId, customerId, makeDefault: false }
    await finishStoring(deps, systemActor('recovery'), storing, method)
    return
  }
  if (method !== null) await deps.gateway.deletePaymentMethod(method.token)
  await closeAttempt(deps, deps.database, attemptId, 'FAILED')
}

/**
 * Forgets a method that was deleted here: at the gateway first, then its row. False while the gateway does
 * not answer; recovery tries again.
 */
export async function forgetMethod(deps: DomainDeps, id: string): Promise<boolean> {
  const method = await deps.database.customerGatewayToken.findFirst({
    where: { id, deletedAt: { not: null } },
  })
  if (method === null) return true
  try {
    await deps.gateway.deletePaymentMethod(await method.token.open())
  } catch (error) {
    if (error instanceof GatewayUnavailable) return false
    throw error
  }
  await deps.database.customerGatewayToken.deleteMany({ where: { id } })
  return true
}

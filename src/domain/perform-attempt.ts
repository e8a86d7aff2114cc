import { GatewayUnavailable } from '../errors.ts'
import { askGateway, callOrFind, findOnly, findOrCall, type Answer } from './ask-gateway.ts'
import { loadAttempt, type MoneyAttempt } from './attempt.ts'
import { systemActor } from './audit-entry.ts'
import type { DomainDeps } from './deps.ts'
import { finishAttempt } from './finish-attempt.ts'
import type { Caller } from './principal.ts'

/**
 * How long after it was written an attempt may still be sent. Recovery gives up what the gateway never
 * received after a multiple of it, so that a process that slept in between does not send it then.
 */
const SEND_WITHIN_MS = 20_000

/** After how long without a sign of life recovery takes an attempt for abandoned. */
export const ABANDONED_AFTER_MS = 3 * SEND_WITHIN_MS

/** Forgets at the gateway what it stored for a payment that was then refused. */
async function forgetUnkept(deps: DomainDeps, attempt: MoneyAttempt, { vaulted }: Answer): Promise<void> {
  if (vaulted === null) return
  const where = { transactionId: attempt.transaction.id, kind: 'VAULT', state: 'OPEN' } as const
  const unkept = await deps.database.gatewayAttempt.findFirst({ where })
  if (unkept === null) return
  try {
    await deps.gateway.deletePaymentMethod(vaulted.token)
  } catch (error) {
    // It stays OPEN, and recovery forgets it later: the payment's own answer is known and must be told.
    if (error instanceof GatewayUnavailable) return
    throw error
  }
  await deps.database.gatewayAttempt.update({
    where: { id: unkept.id },
    data: { state: 'FAILED', updatedAt: deps.now() },
  })
}

/**
 * Sends a fresh attempt to the gateway and writes down what it answers.
 * @throws {GatewayUnavailable} while the outcome is not known; the attempt then stays OPEN.
 */
export async function performAttempt(
  deps: DomainDeps,
  caller: Caller,
  attemptId: string,
  keepMethod: boolean,
): Promise<void> {
  const attempt = await loadAttempt(deps, attemptId)
  if (deps.now().getTime() - attempt.createdAt.getTime() > SEND_WITHIN_MS) throw new GatewayUnavailable()
  const answer = await askGateway(deps, attempt, callOrFind)
  await finishAttempt(deps, caller, { attempt, answer, keepMethod })
  await forgetUnkept(deps, attempt, answer)
}

/** Finishes an attempt that an earlier run left: asks what became of it, and sends it again if nothing did. */
export async function resumeAttempt(
  deps: DomainDeps,
  caller: Caller,
  attemptId: string,
  keepMethod: boolean,
): Promise<void> {
  // A sign of life: recovery must not give it up while it is sent again.
  await deps.database.gatewayAttempt.updateMany({
    where: { id: attemptId, state: 'OPEN' },
    data: { updatedAt: deps.now() },
  })
  const attempt = await loadAttempt(deps, attemptId)
  if (attempt.state !== 'OPEN') return
  const answer = await askGateway(deps, attempt, findOrCall)
  await finishAttempt(deps, caller, { attempt, answer, keepMethod })
  await forgetUnkept(deps, attempt, answer)
}

/** Settles an abandoned attempt as the gateway tells; what it never received has failed, and is released. */
export async function settleAbandoned(deps: DomainDeps, attemptId: string, claimedAt: Date): Promise<void> {
  const attempt = await loadAttempt(deps, attemptId)
  const answer = await askGateway(deps, attempt, findOnly)
  const untouched = answer.outcome === null ? { untouchedSince: claimedAt } : {}
  await finishAttempt(deps, systemActor('recovery'), { attempt, answer, keepMethod: false, ...untouched })
  await forgetUnkept(deps, attempt, answer)
}

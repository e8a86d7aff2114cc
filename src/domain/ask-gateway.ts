import { GatewayUnavailable } from '../errors.ts'
import type { Gateway, GatewayOutcome, VaultedMethod } from '../gateway/gateway.ts'
import type { MoneyAttempt } from './attempt.ts'
import type { DomainDeps } from './deps.ts'

/** What the gateway answered, and the method that it stored on the way, if it was asked to. */
export interface Answer {
  /** Null: the gateway never received the call. */
  readonly outcome: GatewayOutcome | null
  readonly vaulted: VaultedMethod | null
}

/** The method was forgotten between the look-up and the call. */
const UNKNOWN_METHOD: GatewayOutcome = {
  result: 'REJECTED',
  reference: null,
  responseCode: 'unknown_payment_method',
  responseMessage: 'Unknown payment method',
  declineType: 'HARD',
}

type Call = (gateway: Gateway) => Promise<GatewayOutcome>

/** How the outcome of a call is come by: made, asked for, or both. Null: the gateway never received it. */
export type Contact = (deps: DomainDeps, attemptId: string, call: Call) => Promise<GatewayOutcome | null>

/** Makes the call; when its answer does not come, asks once what became of it. @throws {GatewayUnavailable} */
export const callOrFind: Contact = async ({ gateway }, attemptId, call) => {
  try {
    return await call(gateway)
  } catch (error) {
    if (!(error instanceof GatewayUnavailable)) throw error
    const outcome = await gateway.findByIdempotencyKey(attemptId)
    // The call may still be on its way, so that nothing is known yet.
    if (outcome === null) throw error
    return outcome
  }
}

/** Asks what became of the call, and makes it (again) when the gateway never received it. */
export const findOrCall: Contact = async (deps, attemptId, call) =>
  (await deps.gateway.findByIdempotencyKey(attemptId)) ?? callOrFind(deps, attemptId, call)

/** Asks what became of the call, and leaves it at that. */
export const findOnly: Contact = ({ gateway }, attemptId) => gateway.findByIdempotencyKey(attemptId)

/** The single-use token that a payment or a stored method consumed; null when there is none. */
export async function consumedToken(
  { database }: Pick<DomainDeps, 'database'>,
  consumedBy: string,
): Promise<string | null> {
  const row = await database.paymentToken.findUnique({ where: { consumedBy } })
  return row === null ? null : row.token.open()
}

/** Repeats the call that stores a single-use token: with one key it always gives the same method. */
export async function vaultAgain(
  { gateway }: Pick<DomainDeps, 'gateway'>,
  attempt: { readonly id: string; readonly customerId: string | null },
  token: string | null,
): Promise<VaultedMethod | null> {
  if (token === null || attempt.customerId === null) return null
  return gateway.vault({ idempotencyKey: attempt.id, token, customerReference: attempt.customerId })
}

async function askAuthorisation(deps: DomainDeps, attempt: MoneyAttempt, contact: Contact): Promise<Answer> {
  const { transaction, kind, amount, id } = attempt
  const storing = await deps.database.gatewayAttempt.findFirst({
    where: { transactionId: transaction.id, kind: 'VAULT', state: 'OPEN' },
  })
  const given = transaction.paymentMethod?.token.open() ?? (await consumedToken(deps, transaction.id))
  const vaulted = storing === null ? null : await vaultAgain(deps, storing, await given)
  const token = storing === null ? await given : (vaulted?.token ?? null)
  const outcome = await contact(deps, id, async (gateway) => {
    if (token === null) return (await gateway.findByIdempotencyKey(id)) ?? UNKNOWN_METHOD
    const { orderId } = transaction
    return gateway.authorise({ idempotencyKey: id, token, amount, capture: kind === 'CHARGE', orderId })
  })
  return { outcome, vaulted }
}

async function askFollowUp(
  deps: DomainDeps,
  { id, kind, transaction, amount }: MoneyAttempt,
  contact: Contact,
): Promise<Answer> {
  const reference = transaction.gatewayReference
  if (reference === null) throw new Error('The transaction has no reference at the gateway.')
  const request = { idempotencyKey: id, reference, amount }
  const outcome = await contact(deps, id, (gateway) => {
    if (kind === 'CAPTURE') return gateway.capture(request)
    if (kind === 'REFUND') return gateway.refund(request)
    return gateway.void({ idempotencyKey: id, reference })
  })
  return { outcome, vaulted: null }
}

/**
 * Asks the gateway for what the attempt is about. Everything that the call needs is in the database, so
 * that it can be made again after a crash: the same key moves money once.
 * @throws {GatewayUnavailable} while the outcome is not known.
 */
export function askGateway(deps: DomainDeps, attempt: MoneyAttempt, contact: Contact): Promise<Answer> {
  return attempt.kind === 'AUTHORIZE' || attempt.kind === 'CHARGE'
    ? askAuthorisation(deps, attempt, contact)
    : askFollowUp(deps, attempt, contact)
}

import type { DomainDeps } from './deps.ts'
import type { Made } from './idempotency-claims.ts'
import type { Claim, Idempotency } from './idempotency.ts'
import { performAttempt, resumeAttempt } from './perform-attempt.ts'
import type { Caller } from './principal.ts'

export interface PaymentDeps extends DomainDeps {
  readonly idempotency: Idempotency
}

interface Movement<T> {
  readonly mutation: string
  readonly idempotencyKey: string | null
  readonly input: object
  /** In one short transaction: checks, reserves, binds the claim and writes the attempt. */
  reserve(claim: Claim): Promise<Made>
  read(made: Made): Promise<T>
  /** Whether a method that is stored on the way stays when the payment is refused. */
  readonly keepMethod?: boolean
}

/**
 * How money moves, each time: (1) reserve and write the attempt, (2) ask the gateway, (3) write down its
 * answer. No database transaction is open in (2), and whatever dies between them, the attempt tells.
 */
export function moveMoney<T>(deps: PaymentDeps, caller: Caller, movement: Movement<T>): Promise<T> {
  const { mutation, idempotencyKey, input, keepMethod = false } = movement
  return deps.idempotency.once(
    caller,
    { mutation, key: idempotencyKey, input },
    {
      async run(claim) {
        const made = await movement.reserve(claim)
        await performAttempt(deps, caller, claim.attemptId, keepMethod)
        return made
      },
      resume: (attemptId) => resumeAttempt(deps, caller, attemptId, keepMethod),
      read: (made) => movement.read(made),
    },
  )
}

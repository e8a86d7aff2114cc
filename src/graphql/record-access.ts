import { unknownActor } from '../domain/audit-entry.ts'
import type { Audit } from '../domain/audit.ts'
import type { Context } from './context.ts'

/** Stores what a request opened and what it was refused, one event each; undefined when there is nothing to store. */
function recordAccess(audit: Audit, { caller, access, requestId }: Context): Promise<void> | undefined {
  const { openings, refusals } = access
  if (openings.length === 0 && refusals.length === 0) return undefined
  const actor = caller ?? unknownActor(requestId)
  return Promise.all([
    openings.length > 0 && audit.record(actor, { kind: 'FIELDS_OPENED', openings }),
    refusals.length > 0 && audit.record(actor, { kind: 'ACCESS_REFUSED', coordinates: refusals }),
  ]).then(() => undefined)
}

/** How the server tells the audit of what a request did. It sends no answer before `beforeAnswer` has settled. */
export function accessAudit(audit: Audit) {
  return {
    refused({ access }: Context, refusals: readonly { readonly coordinate: string }[]): void {
      for (const { coordinate } of refusals) access.refused(coordinate)
    },
    cardNumberRefused: (where: { readonly requestId: string; readonly place: string }): Promise<void> =>
      audit.record(unknownActor(where.requestId), { kind: 'CARD_NUMBER_REFUSED', place: where.place }),
    authenticationFailed: ({ requestId }: { readonly requestId: string }): Promise<void> =>
      audit.record(unknownActor(requestId), { kind: 'AUTHENTICATION_FAILED' }),
    beforeAnswer: (context: Context) => recordAccess(audit, context),
  }
}

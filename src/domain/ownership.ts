import { NotFound } from '../errors.ts'
import type { Caller, Role } from './principal.ts'

/** Who reaches every customer's records; the schema says for which fields. */
const STAFF: readonly Role[] = ['SUPPORT', 'FINANCE', 'ADMIN', 'SERVICE']

/** No row has it (RFC 9562 nil UUID), so that a caller who is nobody's customer finds nothing. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

function isStaff({ principal }: Caller): boolean {
  return STAFF.some((role) => principal.roles.has(role))
}

function ownId({ principal }: Caller): string {
  return principal.roles.has('CUSTOMER') ? (principal.customerId ?? NOBODY) : NOBODY
}

/** The condition on customers that the caller's reach adds. */
export function customersInReach(caller: Caller): { readonly id?: string } {
  return isStaff(caller) ? {} : { id: ownId(caller) }
}

/** The condition on whatever belongs to a customer that the caller's reach adds. */
export function ownedInReach(caller: Caller): { readonly customerId?: string } {
  return isStaff(caller) ? {} : { customerId: ownId(caller) }
}

/**
 * The customer for whom the caller acts: the one that they name, and for a customer always themselves.
 * Null when staff name none.
 * @throws {NotFound} when a customer names another.
 */
export function actsFor(caller: Caller, named: string | null | undefined): string | null {
  if (isStaff(caller)) return named ?? null
  const own = ownId(caller)
  if (own === NOBODY || (named != null && named !== own)) throw new NotFound('customer')
  return own
}

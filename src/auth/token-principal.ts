import { ROLES, type Principal, type Role } from '../domain/principal.ts'
import { TokenRefused } from './refusals.ts'
import { isObject, ownValue, type JsonObject } from './strict-json.ts'

/** Where a claim is: the names to follow from the claims inwards. */
export type ClaimPath = readonly string[]

/** OpenID Connect Core §2 bounds `sub` to 255 ASCII characters; ours are also visible ones, as it goes to the audit. */
const SUBJECT = /^[\x21-\x7e]{1,255}$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Reads where a claim is.
 *
 * - `roles`: a claim.
 * - `realm_access.roles`: a claim within a claim, as Keycloak has it.
 * - `https://example.com/roles`: a name with `://` is one claim, dots and all, as Auth0 has it.
 * - `/resource_access/my.client/roles`: a JSON Pointer (RFC 6901), for every other name with dots.
 * - `['realm_access', 'roles']`: the names as they are.
 *
 * @throws {TypeError} for an empty name on the way
 */
export function parseClaimPath(path: string | readonly string[]): ClaimPath {
  const names = typeof path === 'string' ? splitPath(path) : path
  if (names.length === 0 || names.includes('')) throw new TypeError('A claim path has an empty name in it.')
  return names
}

function splitPath(path: string): readonly string[] {
  if (path.startsWith('/')) {
    return path
      .slice(1)
      .split('/')
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  }
  return path.includes('://') ? [path] : path.split('.')
}

function claimAt(claims: JsonObject, path: ClaimPath): unknown {
  return path.reduce<unknown>((value, name) => (isObject(value) ? ownValue(value, name) : undefined), claims)
}

const isRole = (name: unknown): name is Role => ROLES.some((role) => role === name)

/** A list of names, or one text with spaces between them, as in OAuth's `scope`. Names of no role of ours are left out. */
function readRoles(value: unknown): Set<Role> {
  const names: readonly unknown[] =
    typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : []
  return new Set(names.filter(isRole))
}

/**
 * Who a verified token speaks for. CUSTOMER needs the customer's id: without one there is nothing that the
 * caller could own, so the role is dropped.
 *
 * @throws {TokenRefused} SUBJECT
 */
export function readPrincipal(claims: JsonObject, rolesAt: ClaimPath, customerAt: ClaimPath): Principal {
  const subject = ownValue(claims, 'sub')
  if (typeof subject !== 'string' || !SUBJECT.test(subject)) throw new TokenRefused('SUBJECT')
  const roles = readRoles(claimAt(claims, rolesAt))
  const customer = claimAt(claims, customerAt)
  const customerId =
    roles.has('CUSTOMER') && typeof customer === 'string' && UUID.test(customer)
      ? customer.toLowerCase()
      : null
  if (customerId === null) roles.delete('CUSTOMER')
  return Object.freeze({ id: subject, roles, customerId })
}

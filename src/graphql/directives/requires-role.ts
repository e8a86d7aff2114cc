import { responsePathAsArray, type GraphQLResolveInfo } from 'graphql'
import { Forbidden, Unauthenticated } from '../../errors.ts'
import type { Resolver } from './field-plan.ts'
import type { InputRestriction, Restriction } from './input-rules.ts'
import { mapLeaves } from './leaves.ts'
import type { Protection } from './protection.ts'
import type { FieldRule } from './rules.ts'

const NO_ROLES: ReadonlySet<string> = new Set()

/** The caller's roles: none without a token. */
export function rolesOf<C>(protection: Protection<C>, context: C): ReadonlySet<string> {
  return protection.principalOf(context)?.roles ?? NO_ROLES
}

/** Whether one of these roles is held. */
export function holdsOne(held: ReadonlySet<string>, anyOf: readonly string[]): boolean {
  for (const role of anyOf) if (held.has(role)) return true
  return false
}

function refuse<C>(
  protection: Protection<C>,
  context: C,
  info: GraphQLResolveInfo,
  { coordinate, roles }: Restriction,
): Forbidden | Unauthenticated {
  const path = responsePathAsArray(info.path).join('.')
  protection.refused(context, { coordinate, path, requires: roles })
  return protection.principalOf(context) === null ? new Unauthenticated() : new Forbidden()
}

/** Lets nobody through who holds none of the field's roles: the resolver does not run. */
export function requiresRole<C>(
  rule: FieldRule,
  resolve: Resolver<C>,
  protection: Protection<C>,
): Resolver<C> {
  const { roles, coordinate } = rule
  if (roles === null) return resolve
  return (source, args, context, info) => {
    if (!holdsOne(rolesOf(protection, context), roles)) {
      throw refuse(protection, context, info, { coordinate, roles })
    }
    return resolve(source, args, context, info)
  }
}

/** Lets no restricted argument, input field or enum value through: the resolver does not run. */
export function checksInputs<C>(
  inputs: InputRestriction | null,
  resolve: Resolver<C>,
  protection: Protection<C>,
): Resolver<C> {
  if (inputs === null) return resolve
  return (source, args: Record<string, unknown>, context, info) => {
    const held = rolesOf(protection, context)
    const refusal = inputs(args, (roles) => holdsOne(held, roles))
    if (refusal !== null) throw refuse(protection, context, info, refusal)
    return resolve(source, args, context, info)
  }
}

/** A restricted enum value becomes an error in its place: graphql-js turns it into null with FORBIDDEN. */
export function checksOutputs<C>(
  outputs: ReadonlyMap<unknown, Restriction> | null,
  depth: number,
  resolve: Resolver<C>,
  protection: Protection<C>,
): Resolver<C> {
  if (outputs === null) return resolve
  return (source, args, context, info) => {
    const held = rolesOf(protection, context)
    return mapLeaves(resolve(source, args, context, info), depth, (value) => {
      const restriction = outputs.get(value)
      const allowed = restriction === undefined || holdsOne(held, restriction.roles)
      return allowed ? value : refuse(protection, context, info, restriction)
    })
  }
}

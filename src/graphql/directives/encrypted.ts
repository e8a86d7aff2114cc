import { Sealed } from '../../crypto/sealed.ts'
import { fieldFault, type FieldPlan, type Resolver } from './field-plan.ts'
import { mapLeaves, settle } from './leaves.ts'
import type { Protection, RecordKey } from './protection.ts'
import type { FieldRule } from './rules.ts'

/** What an @encrypted field's resolver must give; a plain value is refused, because it was never protected. */
export function requireSealed(rule: FieldRule, value: unknown): Sealed<unknown> {
  if (value instanceof Sealed) return value as Sealed<unknown>
  throw fieldFault(rule, 'a value that is not sealed reached an @encrypted field')
}

/** What any other field's resolver must not give. */
export function refuseSealed(rule: FieldRule, value: unknown): unknown {
  if (value instanceof Sealed) throw fieldFault(rule, 'a sealed value reached a field without @encrypted')
  return value
}

/** The record that a value belongs to: as the host tells, else the row that the sealed value is bound to. */
export function recordBehind<C>(
  rule: FieldRule,
  protection: Protection<C>,
  source: unknown,
  value: unknown,
): RecordKey {
  const known = protection.recordOf(rule.typeName, source)
  if (known !== null) return known
  if (value instanceof Sealed) return { type: value.spec.model, id: value.rowId }
  throw fieldFault(rule, 'the record behind it is not known')
}

/** Opens what the resolver gives, and reports the opening before the value goes on. */
export function encrypted<C>(
  { rule, depth }: FieldPlan,
  resolve: Resolver<C>,
  protection: Protection<C>,
  shown: 'CLEAR' | 'MASKED',
): Resolver<C> {
  return (source, args, context, info) => {
    let behind: Sealed<unknown> | undefined
    const opened = mapLeaves(resolve(source, args, context, info), depth, (value) => {
      behind = requireSealed(rule, value)
      return behind.open()
    })
    return settle(opened, (clear) => {
      if (behind === undefined) return clear
      const { type, id } = recordBehind(rule, protection, source, behind)
      protection.opened(context, { type, id, field: rule.fieldName, shown })
      return clear
    })
  }
}

/** Lets no sealed value through: String and custom scalars would print it, be it only as `[sealed]`. */
export function unsealed<C>({ rule, depth }: FieldPlan, resolve: Resolver<C>): Resolver<C> {
  const check = (value: unknown) => refuseSealed(rule, value)
  return (source, args, context, info) => {
    const value: unknown = resolve(source, args, context, info)
    return typeof value === 'object' ? mapLeaves(value, depth, check) : value
  }
}

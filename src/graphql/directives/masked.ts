import { encrypted, recordBehind, refuseSealed, requireSealed } from './encrypted.ts'
import { fakeValue } from './fake.ts'
import { fieldFault, type FieldPlan, type Resolver } from './field-plan.ts'
import { mapLeaves, settle } from './leaves.ts'
import { maskEmail, maskPartial, maskPhone, REDACTED } from './mask.ts'
import type { Protection } from './protection.ts'
import { holdsOne, rolesOf } from './requires-role.ts'
import type { FieldRule, MaskRule } from './rules.ts'

function textOf(rule: FieldRule, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  throw fieldFault(rule, 'a value that is no text cannot be masked')
}

const SHAPES: Readonly<Record<'PARTIAL' | 'EMAIL' | 'PHONE', (text: string, mask: MaskRule) => string>> = {
  PARTIAL: maskPartial,
  EMAIL: maskEmail,
  PHONE: maskPhone,
}

/** Answers without opening: REDACT, NULL and FAKE say nothing of the value but that there is one. */
function hidden<C>({ rule, depth }: FieldPlan, resolve: Resolver<C>, protection: Protection<C>): Resolver<C> {
  const check = rule.encrypted ? requireSealed : refuseSealed
  const strategy = rule.mask?.strategy
  return (source, args, context, info) => {
    const answer = mapLeaves(resolve(source, args, context, info), depth, (value) => {
      check(rule, value)
      if (strategy !== 'FAKE') return REDACTED
      return fakeValue(recordBehind(rule, protection, source, value), rule.fieldName)
    })
    return strategy === 'NULL' ? settle(answer, () => null) : answer
  }
}

/** Answers with a mask in place of the value; opens only for one that is made from it. */
function shaped<C>(
  plan: FieldPlan,
  mask: MaskRule,
  resolve: Resolver<C>,
  protection: Protection<C>,
): Resolver<C> {
  const { rule, depth } = plan
  if (mask.strategy === 'REDACT' || mask.strategy === 'NULL' || mask.strategy === 'FAKE') {
    return hidden(plan, resolve, protection)
  }
  const shape = SHAPES[mask.strategy]
  const open = rule.encrypted ? encrypted(plan, resolve, protection, 'MASKED') : resolve
  return (source, args, context, info) =>
    mapLeaves(open(source, args, context, info), depth, (value) => shape(textOf(rule, value), mask))
}

/** Shows a mask, except to the roles in `unless` and, with `unlessOwner`, to the owner: they get what `clear` answers. */
export function masked<C>(
  plan: FieldPlan,
  clear: Resolver<C>,
  resolve: Resolver<C>,
  protection: Protection<C>,
): Resolver<C> {
  const { typeName, mask } = plan.rule
  if (mask === null) return clear
  const shadow = shaped(plan, mask, resolve, protection)
  return (source, args, context, info) => {
    const seesClear =
      holdsOne(rolesOf(protection, context), mask.unless) ||
      (mask.unlessOwner && protection.ownsRecord(context, typeName, source))
    return (seesClear ? clear : shadow)(source, args, context, info)
  }
}

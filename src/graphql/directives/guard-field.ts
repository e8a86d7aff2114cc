import { encrypted, unsealed } from './encrypted.ts'
import type { FieldPlan, Resolver } from './field-plan.ts'
import { masked } from './masked.ts'
import type { Protection } from './protection.ts'
import { checksInputs, checksOutputs, requiresRole } from './requires-role.ts'

/** Wraps a `subscribe` function in what must hold before a stream starts; each event then passes `guardField`. */
export function guardStart<C>(
  { rule, inputs }: FieldPlan,
  start: Resolver<C>,
  protection: Protection<C>,
): Resolver<C> {
  return requiresRole(rule, checksInputs(inputs, start, protection), protection)
}

/**
 * Wraps a resolver in what its field's directives say, outermost first: requiresRole(masked(encrypted(resolve))).
 * What is refused does not run. It stays synchronous when the resolver is and the keys are in memory.
 */
export function guardField<C>(plan: FieldPlan, resolve: Resolver<C>, protection: Protection<C>): Resolver<C> {
  const { rule, outputs, depth, printsObjects } = plan
  const mustNotBeSealed = !rule.encrypted && (printsObjects || rule.mask !== null)
  const resolved = mustNotBeSealed ? unsealed(plan, resolve) : resolve
  const clear = rule.encrypted ? encrypted(plan, resolved, protection, 'CLEAR') : resolved
  const shown = masked(plan, clear, resolved, protection)
  return guardStart(plan, checksOutputs(outputs, depth, shown, protection), protection)
}

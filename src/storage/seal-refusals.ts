import type { ModelPlan } from './model-plan.ts'
import { eachOf, isPlain, refuse, type Args } from './seal-work.ts'

const NO_ORDER = 'sealed texts have no order that means anything; sort after opening, or by another column'
const NO_GROUPS =
  'equal values have different sealed texts, so that they cannot be grouped or told apart; use the index column'
const NO_CURSOR = 'a cursor cannot stand on a sealed column; use the id'
const NO_ARITHMETIC = 'the database cannot compare or add sealed values; open them and do it here'

const EXTREMES = ['_min', '_max', '_avg', '_sum']

/** Refuses what asks the database to order, group, page or aggregate by a sealed field. `_count` is allowed: it counts nulls. */
export function refuseUnanswerable(plan: ModelPlan, args: Args): void {
  if (!plan.reachesSealed) return
  refuseOrder(plan, args['orderBy'])
  for (const name of [args['distinct'], args['by']].flat()) refuseField(plan, name, NO_GROUPS)
  if (isPlain(args['cursor']))
    for (const name of Object.keys(args['cursor'])) refuseField(plan, name, NO_CURSOR)
  refuseHaving(plan, args['having'])
  refuseExtremes(plan, args)
}

function refuseOrder(plan: ModelPlan, orderBy: unknown): void {
  for (const order of eachOf(orderBy)) {
    refuseExtremes(plan, order)
    for (const [key, direction] of Object.entries(order)) {
      if (direction === undefined) continue
      refuseField(plan, key, NO_ORDER)
      const relation = plan.relations.get(key)
      if (relation !== undefined) refuseOrder(relation.plan, direction)
      if (key === '_relevance') refuseRelevance(plan, direction)
    }
  }
}

function refuseRelevance(plan: ModelPlan, relevance: unknown): void {
  if (isPlain(relevance)) for (const name of [relevance['fields']].flat()) refuseField(plan, name, NO_ORDER)
}

function refuseExtremes(plan: ModelPlan, args: Args): void {
  for (const name of EXTREMES) {
    const fields = args[name]
    if (!isPlain(fields)) continue
    for (const [field, asked] of Object.entries(fields)) {
      if (asked !== undefined && asked !== false) refuseField(plan, field, NO_ARITHMETIC)
    }
  }
}

function refuseHaving(plan: ModelPlan, having: unknown): void {
  for (const each of eachOf(having)) {
    for (const [key, value] of Object.entries(each)) {
      if (value !== undefined) refuseField(plan, key, NO_GROUPS)
      if (['AND', 'OR', 'NOT'].includes(key)) refuseHaving(plan, value)
    }
  }
}

function refuseField(plan: ModelPlan, name: unknown, why: string): void {
  if (typeof name === 'string' && plan.sealed.has(name)) refuse(plan.model.model, name, why)
}

import { types } from 'node:util'
import { skip } from '@prisma/client/runtime/client'
import type { FieldSpec } from '../crypto/field-spec.ts'
import type { ModelPlan } from './model-plan.ts'
import { eachOf, isPlain, refuse, type Args, type SealWork } from './seal-work.ts'
import { isSealing, unwrapSealing } from './sealing.ts'

const CONNECTIVES = ['AND', 'OR', 'NOT']
const RELATION_FILTERS = ['some', 'every', 'none', 'is', 'isNot']
const EQUALITY_OPERATORS = ['equals', 'in', 'notIn', 'not']
const EQUALITY_ALONE = 'a sealed value can be compared by equality alone (equals, in, notIn, not)'

/**
 * Rewrites a `where`, of rows or of one row, in place: equality on a sealed field becomes equality on its blind
 * index; whatever else asks about a sealed value is refused.
 */
export function rewriteWhere(plan: ModelPlan, where: unknown, work: SealWork): void {
  if (!plan.reachesSealed || !isPlain(where)) return
  for (const key of Object.keys(where)) {
    const value = where[key]
    const spec = plan.sealed.get(key)
    if (spec !== undefined) rewriteField(where, spec, value, work)
    else if (CONNECTIVES.includes(key)) for (const each of eachOf(value)) rewriteWhere(plan, each, work)
    else if (plan.indexColumns.has(key)) indexSealings(where, key, plan.indexColumns.get(key), work)
    else rewriteNested(plan, key, value, work)
  }
}

function rewriteNested(plan: ModelPlan, key: string, filter: unknown, work: SealWork): void {
  if (!isPlain(filter)) return
  const relation = plan.relations.get(key)
  if (relation === undefined) {
    // A compound unique key: `tenant_emailIndex: { tenant, emailIndex: sealing(email) }`.
    for (const [column, spec] of plan.indexColumns) indexSealings(filter, column, spec, work)
    return
  }
  const asked = RELATION_FILTERS.filter((name) => name in filter)
  if (asked.length === 0) rewriteWhere(relation.plan, filter, work)
  for (const name of asked) rewriteWhere(relation.plan, filter[name], work)
}

/** `where: { tokenIndex: sealing(token) }`: a lookup by a unique index column, which Prisma's types ask for. */
function indexSealings(where: Args, column: string, spec: FieldSpec | undefined, work: SealWork): void {
  const value = where[column]
  if (spec === undefined) return
  if (isSealing(value)) work.index(where, column, spec, unwrapSealing(value))
  if (isPlain(value)) for (const operator of Object.keys(value)) indexSealings(value, operator, spec, work)
  if (Array.isArray(value)) {
    value.forEach((each: unknown, at) => {
      if (isSealing(each)) work.index(value, at, spec, unwrapSealing(each))
    })
  }
}

function rewriteField(where: Args, spec: FieldSpec, filter: unknown, work: SealWork): void {
  if (filter === undefined || filter === null || filter === skip) return
  Reflect.deleteProperty(where, spec.field)
  const conditions = readConditions(spec, filter)
  const own = conditions.filter(({ value }) => value === null)
  const indexed = conditions.filter(({ value }) => value !== null)
  if (own.length > 0) where[spec.field] = toFilter(own)
  if (indexed.length > 0) addIndexed(where, spec, indexed, work)
}

/** One operator of a filter, with `not: { in: ... }` flattened to its path. */
interface Condition {
  readonly path: readonly string[]
  readonly value: unknown
}

function readConditions(spec: FieldSpec, filter: unknown): Condition[] {
  if (!isPlain(filter)) return [{ path: ['equals'], value: filter }]
  return Object.entries(filter).flatMap(([operator, value]): Condition[] => {
    if (value === undefined || value === skip) return []
    if (!EQUALITY_OPERATORS.includes(operator))
      refuse(spec.model, spec.field, `\`${operator}\`: ${EQUALITY_ALONE}`)
    if (operator !== 'not' || !isPlain(value)) return [{ path: [operator], value }]
    const inner = readConditions(spec, value)
    // NOT (a AND b) is not (NOT a) AND (NOT b), which is what two columns would make of it.
    if (inner.length > 1) refuse(spec.model, spec.field, '`not` takes one condition here; use NOT for more')
    return inner.map((condition) => ({ path: ['not', ...condition.path], value: condition.value }))
  })
}

function toFilter(conditions: readonly Condition[]): Args {
  const filter: Args = {}
  for (const { path, value } of conditions) filter[path[0] ?? ''] = nest(path.slice(1), value)
  return filter
}

function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, operator) => ({ [operator]: inner }), value)
}

function addIndexed(where: Args, spec: FieldSpec, conditions: readonly Condition[], work: SealWork): void {
  const column = spec.index?.column
  if (column === undefined) {
    refuse(
      spec.model,
      spec.field,
      'has no blind index, so that only null can be asked for; give it an `index`, or filter after opening',
    )
  }
  const target = freeSlot(where, column)
  const [first] = conditions
  if (conditions.length === 1 && first?.path.join() === 'equals') {
    // Bare, because that is what a unique lookup takes.
    target[column] = ''
    work.index(target, column, spec, comparable(spec, first.value))
    return
  }
  const filter = toFilter(conditions)
  target[column] = filter
  for (const { path } of conditions) indexLeaf(filter, path, spec, work)
}

/** A caller may filter by the index column too; both then hold. */
function freeSlot(where: Args, column: string): Args {
  if (where[column] === undefined) return where
  const other: Args = {}
  where['AND'] = [...(where['AND'] === undefined ? [] : [where['AND']].flat()), other]
  return other
}

function indexLeaf(filter: Args, path: readonly string[], spec: FieldSpec, work: SealWork): void {
  const [operator = '', ...rest] = path
  const value = filter[operator]
  if (rest.length > 0 && isPlain(value)) indexLeaf(value, rest, spec, work)
  else if (Array.isArray(value))
    value.forEach((each, at) => work.index(value, at, spec, comparable(spec, each)))
  else work.index(filter, operator, spec, comparable(spec, value))
}

function comparable(spec: FieldSpec, value: unknown): unknown {
  const plain = unwrapSealing(value)
  if (typeof plain === 'object' && !types.isDate(plain) && !types.isUint8Array(plain)) {
    refuse(
      spec.model,
      spec.field,
      'is compared with plain values alone: not with another column, null in a list, or a Sealed value (open it first)',
    )
  }
  return plain
}

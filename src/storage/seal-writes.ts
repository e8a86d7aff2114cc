import { skip } from '@prisma/client/runtime/client'
import type { FieldSpec } from '../crypto/field-spec.ts'
import type { ModelPlan, RelationPlan } from './model-plan.ts'
import { rewriteWhere } from './seal-filters.ts'
import { eachOf, isPlain, refuse, type Args, type SealWork } from './seal-work.ts'
import { FILLED_IN, unwrapSealing } from './sealing.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const NEEDS_ID =
  'a sealed value is bound to the id of its row, which this write does not name; find the row first, then update it by id (`where: { id }`)'
const BY_HAND = 'is filled in by the extension from its sealed field; do not write it by hand'

/** How the rows of a query are written. */
export interface Writer {
  readonly work: SealWork
  readonly newId: () => string
}

/** Seals the data of a new row, and gives it an id where it has none. `id` is the one that its `where` named. */
export function sealCreate(plan: ModelPlan, data: unknown, writer: Writer, id?: string): void {
  for (const row of eachOf(data)) {
    const { id: idField, makesId } = plan.model
    if (makesId && row[idField] === undefined) row[idField] = id ?? writer.newId()
    const given = row[idField]
    sealRow(plan, row, writer, typeof given === 'string' ? rowIdOf(plan, given) : null, 'create')
  }
}

/** Seals the data of an update; `where` must name the row by its id when a sealed value is in it. */
export function sealUpdate(plan: ModelPlan, data: unknown, where: unknown, writer: Writer): void {
  const rowId = namedId(plan, where)
  for (const row of eachOf(data)) {
    refuseNewId(plan, row, rowId)
    sealRow(plan, row, writer, rowId, 'update')
  }
}

/** `create` takes the id that `where` names, so that both halves seal for one row. */
export function sealUpsert(plan: ModelPlan, args: Args, writer: Writer): void {
  sealCreate(plan, args['create'], writer, namedId(plan, args['where']) ?? undefined)
  sealUpdate(plan, args['update'], args['where'], writer)
}

/** The id that a `where` fixes by a plain value; null when it finds its rows in another way. */
function namedId(plan: ModelPlan, where: unknown): string | null {
  const id = isPlain(where) && plan.model.id !== '' ? where[plan.model.id] : undefined
  return typeof id === 'string' ? rowIdOf(plan, id) : null
}

/** The id as the database will hand it back: a uuid column folds case, and a value sealed for `A...` does not open for `a...`. */
function rowIdOf(plan: ModelPlan, id: string): string {
  if (!plan.model.uuidId) return id
  const folded = id.toLowerCase()
  if (plan.specs.length > 0 && !UUID.test(folded))
    refuse(plan.model.model, plan.model.id, 'must be a hyphenated UUID')
  return folded
}

function refuseNewId(plan: ModelPlan, row: Args, rowId: string | null): void {
  if (plan.specs.length === 0) return
  const given = row[plan.model.id]
  const id = isPlain(given) ? given['set'] : given
  if (id === undefined || id === skip || (typeof id === 'string' && rowIdOf(plan, id) === rowId)) return
  refuse(
    plan.model.model,
    plan.model.id,
    'cannot be changed: what is sealed in the row would no longer open; create a new row',
  )
}

function sealRow(
  plan: ModelPlan,
  row: Args,
  writer: Writer,
  rowId: string | null,
  mode: 'create' | 'update',
): void {
  // First, because sealing a field writes its index column.
  for (const column of plan.indexColumns.keys()) clearIndexColumn(plan, row, column, mode)
  for (const key of Object.keys(row)) {
    const value = row[key]
    if (value === undefined || value === skip) continue
    const spec = plan.sealed.get(key)
    if (spec !== undefined) {
      sealField(row, spec, value, writer.work, rowId, mode)
      continue
    }
    const relation = plan.relations.get(key)
    if (relation !== undefined) sealRelation(plan, relation, value, writer)
  }
}

function clearIndexColumn(plan: ModelPlan, row: Args, column: string, mode: 'create' | 'update'): void {
  const given = row[column]
  if (given === undefined || given === skip) return
  if (mode !== 'create' || given !== FILLED_IN) refuse(plan.model.model, column, BY_HAND)
  row[column] = undefined
}

function sealField(
  row: Args,
  spec: FieldSpec,
  given: unknown,
  work: SealWork,
  rowId: string | null,
  mode: 'create' | 'update',
): void {
  const value = mode === 'update' && isSetOperation(given) ? given['set'] : given
  if (value === undefined) return
  if (value === null) {
    row[spec.field] = null
    if (spec.index) row[spec.index.column] = null
    return
  }
  const plain = unwrapSealing(value)
  refuseUnsealable(spec, value, plain)
  if (rowId === null) refuse(spec.model, spec.field, NEEDS_ID)
  work.seal(row, spec, rowId, plain)
  if (spec.index) work.index(row, spec.index.column, spec, plain)
}

function isSetOperation(value: unknown): value is Args {
  return isPlain(value) && Object.keys(value).join() === 'set'
}

/** A `Sealed` object is an empty one by the time Prisma has copied the arguments, so that objects come by `sealing` alone. */
function refuseUnsealable(spec: FieldSpec, given: unknown, plain: unknown): void {
  if (isPlain(given) || Array.isArray(given)) {
    refuse(
      spec.model,
      spec.field,
      'takes a plain value, `{ set: value }`, or `sealing(value)` for objects and lists. A Sealed value is bound to its row and column: open it first',
    )
  }
  if (spec.type === 'Json' && given === plain) {
    refuse(
      spec.model,
      spec.field,
      'holds Json: write it as `sealing(value)`, so that a text is not taken for a document',
    )
  }
}

type NestedWrite = (relation: RelationPlan, value: unknown, writer: Writer) => void

const find: NestedWrite = ({ plan }, value, { work }) => {
  for (const where of eachOf(value)) rewriteWhere(plan, where, work)
}

const updateEach: NestedWrite = ({ plan }, value, writer) => {
  for (const each of eachOf(value)) {
    rewriteWhere(plan, each['where'], writer.work)
    sealUpdate(plan, each['data'], each['where'], writer)
  }
}

/** A to-one update is its data, or `{ where, data }`. */
const update: NestedWrite = (relation, value, writer) => {
  const wrapped = relation.list || (isPlain(value) && isPlain(value['data']))
  if (wrapped) updateEach(relation, value, writer)
  else sealUpdate(relation.plan, value, undefined, writer)
}

/** Every nested write that Prisma has; another one is refused until it is known here. */
const NESTED_WRITES: Readonly<Record<string, NestedWrite>> = {
  create: ({ plan }, value, writer) => sealCreate(plan, value, writer),
  createMany: ({ plan }, value, writer) => {
    for (const each of eachOf(value)) sealCreate(plan, each['data'], writer)
  },
  connectOrCreate: ({ plan }, value, writer) => {
    for (const each of eachOf(value)) {
      rewriteWhere(plan, each['where'], writer.work)
      sealCreate(plan, each['create'], writer, namedId(plan, each['where']) ?? undefined)
    }
  },
  connect: find,
  disconnect: find,
  set: find,
  delete: find,
  deleteMany: find,
  update,
  updateMany: (relation, value, writer) => {
    for (const each of eachOf(value)) {
      rewriteWhere(relation.plan, each['where'], writer.work)
      // Without an id: a sealed value belongs to one row, and this writes many.
      sealUpdate(relation.plan, each['data'], undefined, writer)
    }
  },
  upsert: ({ plan }, value, writer) => {
    for (const each of eachOf(value)) {
      rewriteWhere(plan, each['where'], writer.work)
      sealUpsert(plan, each, writer)
    }
  },
}

function sealRelation(plan: ModelPlan, relation: RelationPlan, operations: unknown, writer: Writer): void {
  if (!isPlain(operations)) return
  for (const [name, value] of Object.entries(operations)) {
    const write = Object.hasOwn(NESTED_WRITES, name) ? NESTED_WRITES[name] : undefined
    if (write === undefined)
      refuse(plan.model.model, relation.name, `\`${name}\` is not a nested write that can be sealed`)
    write(relation, value, writer)
  }
}

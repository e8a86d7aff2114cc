import { v7 } from 'uuid'
import { UnsafeSealedOperation } from '../errors.ts'
import type { FieldCipher } from '../crypto/field-cipher.ts'
import { withoutValues } from './error-values.ts'
import { planModels, type ModelPlan } from './model-plan.ts'
import { followPath, prepareQuery, prepareRead, sealResult, type ReadPlan } from './seal-reads.ts'
import { SealWork, type Args } from './seal-work.ts'
import { sealCreate, sealUpdate, sealUpsert, type Writer } from './seal-writes.ts'
import type { StoredMap } from './stored-map.ts'
import { inspectWritten } from './written-text.ts'

export interface SealOptions {
  /** What the `sealed` generator made of your schema. */
  readonly map: StoredMap
  readonly cipher: FieldCipher
  /** Makes the id of a new row; UUIDv7 when left out. */
  readonly newId?: () => string
  /** Asked of every text that is written, whatever its column; a write that contains a card number is refused. */
  readonly containsCardNumber?: (text: string) => boolean
}

/** What Prisma hands to a `query` extension. */
interface Query {
  readonly model?: string
  readonly operation: string
  readonly args: unknown
  readonly query: (args: never) => Promise<unknown>
}

/** How Prisma sees the extension: at run time `query` alone, in types a `result` too, which never runs. */
export interface SealExtension<R> {
  readonly name: string
  readonly query: { $allOperations(query: Query): Promise<unknown> }
  readonly result: R
}

type Prepare = (plan: ModelPlan, args: Args, writer: Writer) => void

const nothing: Prepare = () => undefined

/** Every operation of a Prisma model, and what of its arguments is written. Another one is refused until it is known here. */
const OPERATIONS: Readonly<Record<string, Prepare>> = {
  findUnique: nothing,
  findUniqueOrThrow: nothing,
  findFirst: nothing,
  findFirstOrThrow: nothing,
  findMany: nothing,
  count: nothing,
  aggregate: nothing,
  groupBy: nothing,
  delete: nothing,
  deleteMany: nothing,
  create: (plan, args, writer) => sealCreate(plan, args['data'], writer),
  createMany: (plan, args, writer) => sealCreate(plan, args['data'], writer),
  createManyAndReturn: (plan, args, writer) => sealCreate(plan, args['data'], writer),
  update: (plan, args, writer) => sealUpdate(plan, args['data'], args['where'], writer),
  updateMany: (plan, args, writer) => sealUpdate(plan, args['data'], undefined, writer),
  updateManyAndReturn: (plan, args, writer) => sealUpdate(plan, args['data'], undefined, writer),
  upsert: sealUpsert,
}

/** Operations whose result is numbers or groups, not rows. */
const WITHOUT_ROWS = new Set(['count', 'aggregate', 'groupBy', 'createMany', 'updateMany', 'deleteMany'])

/**
 * The Prisma client extension that seals: sealed columns are encrypted on the way in, at any depth of a write, and come
 * back as `Sealed`. Equality filters go to the blind index. New rows get an id. What cannot be done safely throws
 * `UnsafeSealedOperation`, which says why. `R` is the generated `SealedResult`.
 *
 * An index column reads as any other column: it shows which rows hold equal values, and nothing else.
 * Raw queries are not rewritten: they read sealed texts as they are, and the CHECK constraints of `sealedChecks`
 * refuse plaintext. Extensions added after this one see sealed texts; those added before it see plain arguments.
 */
export function sealExtension<R>(options: SealOptions): SealExtension<R> {
  const { cipher, containsCardNumber, newId = v7 } = options
  const plans = planModels(options.map)
  return {
    name: 'sealpay',
    query: {
      $allOperations({ model, operation, args, query, ...internals }) {
        const proceed = query as (args: unknown) => Promise<unknown>
        if (model === undefined) {
          inspectWritten(rawValues(args), containsCardNumber)
          return proceed(args).catch((error: unknown) => {
            throw withoutValues(error, operation)
          })
        }
        const own = args as Args
        for (const name of ['data', 'create', 'update']) inspectWritten(own[name], containsCardNumber)
        const work = new SealWork()
        const read = prepare(planOf(plans, model, operation), operation, own, { work, newId })
        const run = () => proceed(own)
        const running = work.finish(cipher)?.then(run) ?? run()
        const plan = followPath(read, dataPathOf(internals))
        return running.then(
          (result) => {
            if (plan !== null) sealResult(cipher, plan, result)
            return result
          },
          (error: unknown) => {
            throw withoutValues(error, `${model}.${operation}`)
          },
        )
      },
    },
    result: undefined as R,
  }
}

function planOf(plans: ReadonlyMap<string, ModelPlan>, model: string, operation: string): ModelPlan {
  const plan = plans.get(model)
  if (plan === undefined || !Object.hasOwn(OPERATIONS, operation)) {
    throw new UnsafeSealedOperation(
      `${model}.${operation} is not known to the sealed map; run \`prisma generate\`.`,
    )
  }
  return plan
}

function prepare(plan: ModelPlan, operation: string, args: Args, writer: Writer): ReadPlan | null {
  OPERATIONS[operation]?.(plan, args, writer)
  if (!WITHOUT_ROWS.has(operation)) return prepareRead(plan, args, writer.work)
  prepareQuery(plan, args, writer.work)
  return null
}

/** The parameters of a raw query, without its SQL. */
function rawValues(args: unknown): unknown {
  if (Array.isArray(args)) return args.slice(1)
  return typeof args === 'object' && args !== null && 'values' in args ? args.values : args
}

/** Where in the result a fluent call finds what it hands back. Prisma passes it, undocumented, to every query extension. */
function dataPathOf(internals: object): readonly string[] {
  const { __internalParams: params } = internals as { __internalParams?: { dataPath?: readonly string[] } }
  return params?.dataPath ?? []
}

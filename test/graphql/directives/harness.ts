import { makeExecutableSchema } from '@graphql-tools/schema'
import { execute, parse, type ExecutionResult, type GraphQLSchema } from 'graphql'
import type { FieldCipher } from '../../../src/crypto/field-cipher.ts'
import type { FieldSpec, SealedMap, SealedType } from '../../../src/crypto/field-spec.ts'
import { Sealed } from '../../../src/crypto/sealed.ts'
import { OpenFailed, SchemaFault } from '../../../src/errors.ts'
import { directiveTypeDefs } from '../../../src/graphql/directives/definitions.ts'
import { protectSchema } from '../../../src/graphql/directives/protect-schema.ts'
import type {
  Opening,
  Protection,
  Refusal,
  SealedColumns,
} from '../../../src/graphql/directives/protection.ts'

type Resolvers = Parameters<typeof makeExecutableSchema>[0]['resolvers']

export interface TestContext {
  readonly principal: { readonly id: string; readonly roles: ReadonlySet<string> } | null
  readonly opened: Opening[]
  readonly refused: Refusal[]
}

export function callerWith(...roles: string[]): TestContext {
  return { principal: { id: 'caller', roles: new Set(roles) }, opened: [], refused: [] }
}

export function anonymous(): TestContext {
  return { principal: null, opened: [], refused: [] }
}

/** A record belongs to the caller when its `owner` says so, and has the id that its `id` says. */
export const protection: Protection<TestContext> = {
  principalOf: ({ principal }) => principal,
  ownedTypes: ['Person'],
  ownsRecord: ({ principal }, _typeName, source) =>
    principal !== null && (source as { owner?: string }).owner === principal.id,
  recordOf: (type, source) => {
    const { id } = source as { id?: string }
    return id === undefined ? null : { type, id }
  },
  opened: ({ opened }, opening) => opened.push(opening),
  refused: ({ refused }, refusal) => refused.push(refusal),
}

const openWith = (open: FieldCipher['open']): FieldCipher => ({
  ready: () => undefined,
  seal: () => 's1.key.text',
  index: () => 'b1.key.text',
  open,
})

const specOf = (field: string, type: SealedType = 'String'): FieldSpec => {
  return { model: 'PersonRow', field, keyring: 'people', type }
}

/** A sealed value whose key is in memory. */
export function seal(field: string, value: unknown): Sealed<unknown> {
  return new Sealed(
    openWith(() => value),
    specOf(field),
    'row-1',
    's1.key.text',
  )
}

/** A sealed value whose key must be unwrapped first. */
export function sealSlowly(field: string, value: unknown): Sealed<unknown> {
  return new Sealed(
    openWith(() => Promise.resolve(value)),
    specOf(field),
    'row-1',
    's1.key.text',
  )
}

/** A sealed value that must not be opened. */
export function sealForGood(field: string): Sealed<unknown> {
  const refuse = () => {
    throw new OpenFailed()
  }
  return new Sealed(openWith(refuse), specOf(field), 'row-1', 's1.key.text')
}

export function mapOf(...columns: (string | FieldSpec)[]): SealedMap {
  const specs = columns.map((column) => (typeof column === 'string' ? specOf(column) : column))
  const fields = Object.fromEntries(specs.map((spec) => [spec.field, spec]))
  return { PersonRow: { model: 'PersonRow', id: 'id', fields, relations: {} } }
}

export const jsonColumn = (field: string): FieldSpec => specOf(field, 'Json')

const NOTHING_SEALED: SealedColumns = { map: {}, models: {} }

export function build(sdl: string, resolvers: Resolvers = {}): GraphQLSchema {
  const roles = 'enum Role { CUSTOMER SUPPORT FINANCE ADMIN }'
  return makeExecutableSchema({ typeDefs: [directiveTypeDefs, roles, sdl], resolvers })
}

/** A type Person over the model PersonRow, with these columns sealed. */
export const sealedPeople = (...columns: (string | FieldSpec)[]): SealedColumns => {
  return { map: mapOf(...columns), models: { Person: 'PersonRow' } }
}

export function protect(sdl: string, resolvers: Resolvers = {}, sealed = NOTHING_SEALED): GraphQLSchema {
  return protectSchema(build(sdl, resolvers), protection, sealed)
}

/** The faults with which a schema is refused; none when it is not. */
export function faultsOf(sdl: string, sealed = NOTHING_SEALED): readonly string[] {
  try {
    protect(sdl, {}, sealed)
    return []
  } catch (error) {
    if (error instanceof SchemaFault) return error.faults
    throw error
  }
}

export interface Answer {
  readonly data: unknown
  /** `path code`, in the order of the answer. */
  readonly errors: readonly string[]
}

function simplify({ data, errors = [] }: ExecutionResult): Answer {
  const codes = errors.map(({ path, originalError }) => {
    const code = originalError && 'code' in originalError ? String(originalError.code) : 'NONE'
    return `${(path ?? []).join('.')} ${code}`
  })
  return { data: JSON.parse(JSON.stringify(data ?? null)) as unknown, errors: codes }
}

interface Request {
  readonly schema: GraphQLSchema
  readonly query: string
  readonly caller: TestContext
  readonly root?: unknown
  readonly variables?: Readonly<Record<string, unknown>>
}

function start({ schema, query, caller, root, variables = {} }: Request) {
  return execute({
    schema,
    document: parse(query),
    rootValue: root,
    contextValue: caller,
    variableValues: variables,
  })
}

/** The answer, which must be there at once. */
export function ask(request: Request): Answer {
  const result = start(request)
  if (result instanceof Promise) throw new Error('The execution became asynchronous.')
  return simplify(result)
}

/** The answer, which must have been waited for. */
export async function askSlowly(request: Request): Promise<Answer> {
  const result = start(request)
  if (!(result instanceof Promise)) throw new Error('The execution was synchronous.')
  return simplify(await result)
}

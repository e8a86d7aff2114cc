import {
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import {
  indexInputs,
  watchArguments,
  type InputRules,
  type Restriction,
  type WatchedInput,
} from './input-rules.ts'
import { OperationVariables } from './operation-variables.ts'
import type { Refusal } from './protection.ts'
import { holdsOne } from './requires-role.ts'
import { soundRules, typesWithFields, type SchemaRules } from './rules.ts'
import { isGiven, walkLiteral } from './walk-inputs.ts'

/** More than this tells the caller nothing new, and a refusal costs memory. */
const MAX_REFUSALS = 100

/** An operation that is about to run. */
export interface OperationRequest {
  /** Validated; an invalid one is judged as far as it makes sense. */
  readonly document: DocumentNode
  readonly operationName: string | null | undefined
  /** As the request has them, before coercion. */
  readonly variables: unknown
  readonly roles: ReadonlySet<string>
}

interface AccessIndex {
  readonly rules: SchemaRules
  readonly inputs: InputRules
  readonly watched: ReadonlyMap<string, readonly WatchedInput[]>
}

function indexAccess(schema: GraphQLSchema): AccessIndex {
  const rules = soundRules(schema)
  const inputs = indexInputs(schema, rules)
  const watched = new Map<string, readonly WatchedInput[]>()
  for (const type of typesWithFields(schema)) {
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`
      const args = watchArguments(field.args, coordinate, rules, inputs)
      if (args.length > 0) watched.set(coordinate, args)
    }
  }
  return { rules, inputs, watched }
}

/** Response keys from the root, so that a path costs memory only when it is reported. */
interface Path {
  readonly key: string
  readonly parent: Path | null
}

function printPath(path: Path): string {
  const keys: string[] = []
  for (let at: Path | null = path; at !== null; at = at.parent) keys.push(at.key)
  return keys.reverse().join('.')
}

/** A selection set, to be judged against one object type. */
interface Visit {
  readonly selections: SelectionSetNode
  readonly type: GraphQLObjectType
  readonly path: Path | null
}

/**
 * Walks one operation. Each selection set is judged once against each object type that it can meet, so that
 * the work is bounded by the document's size times the schema's, however fragments fan out.
 */
class OperationWalk {
  readonly refusals: Refusal[] = []
  readonly #schema: GraphQLSchema
  readonly #index: AccessIndex
  readonly #variables: OperationVariables
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #roles: ReadonlySet<string>
  readonly #seen = new Map<SelectionSetNode, Set<GraphQLObjectType>>()
  readonly #pending: Visit[] = []

  constructor(
    schema: GraphQLSchema,
    index: AccessIndex,
    operation: OperationDefinitionNode,
    { document, variables, roles }: OperationRequest,
  ) {
    this.#schema = schema
    this.#index = index
    this.#variables = new OperationVariables(operation, variables, index.inputs)
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
    this.#fragments = new Map(fragments.map((node) => [node.name.value, node]))
    this.#roles = roles
    const root = schema.getRootType(operation.operation)
    if (root) this.#visit(operation.selectionSet, root, null)
  }

  run(): readonly Refusal[] {
    for (let visit = this.#pending.pop(); visit !== undefined; visit = this.#pending.pop()) {
      const { type, path } = visit
      for (const node of visit.selections.selections) this.#select(node, type, path)
      if (this.refusals.length >= MAX_REFUSALS) break
    }
    return this.refusals.slice(0, MAX_REFUSALS)
  }

  #visit(selections: SelectionSetNode, type: GraphQLObjectType, path: Path | null): void {
    const seen = this.#seen.get(selections)
    if (seen?.has(type)) return
    if (seen === undefined) this.#seen.set(selections, new Set([type]))
    else seen.add(type)
    this.#pending.push({ selections, type, path })
  }

  #select(node: SelectionNode, type: GraphQLObjectType, path: Path | null): void {
    if (!this.#variables.includes(node.directives)) return
    if (node.kind === Kind.FIELD) {
      this.#judgeField(node, type, path)
      return
    }
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value)
    if (fragment && this.#applies(fragment.typeCondition?.name.value, type)) {
      this.#visit(fragment.selectionSet, type, path)
    }
  }

  #applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true
    const named = this.#schema.getType(condition)
    return isAbstractType(named) && this.#schema.isSubType(named, type)
  }

  #judgeField(node: FieldNode, type: GraphQLObjectType, parent: Path | null): void {
    const name = node.name.value
    if (name.startsWith('__')) return
    const coordinate = `${type.name}.${name}`
    const rule = this.#index.rules.fields.get(coordinate)
    const field = type.getFields()[name]
    if (rule === undefined || field === undefined) return
    const path = { key: node.alias?.value ?? name, parent }
    if (rule.roles !== null) this.#judge({ coordinate, roles: rule.roles }, path)
    const watched = this.#index.watched.get(coordinate)
    if (watched !== undefined) this.#judgeArguments(node.arguments ?? [], watched, path)
    if (node.selectionSet === undefined) return
    const named = getNamedType(field.type)
    if (isObjectType(named)) this.#visit(node.selectionSet, named, path)
    else if (isAbstractType(named)) {
      for (const possible of this.#schema.getPossibleTypes(named))
        this.#visit(node.selectionSet, possible, path)
    }
  }

  #judgeArguments(nodes: readonly ArgumentNode[], watched: readonly WatchedInput[], path: Path): void {
    const report = (restriction: Restriction) => this.#judge(restriction, path)
    for (const { name, value } of nodes) {
      const input = watched.find((candidate) => candidate.name === name.value)
      if (input === undefined || !isGiven(value, this.#variables)) continue
      if (input.restriction !== null) report(input.restriction)
      if (input.deep) walkLiteral(this.#index.inputs, input.type, value, this.#variables, report)
    }
  }

  #judge({ coordinate, roles }: Restriction, path: Path): void {
    if (holdsOne(this.#roles, roles) || this.refusals.length >= MAX_REFUSALS) return
    this.refusals.push({ coordinate, path: printPath(path), requires: roles })
  }
}

function findOperation(
  document: DocumentNode,
  name: string | null | undefined,
): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  if (name === null || name === undefined || name === '')
    return operations.length === 1 ? operations[0] : undefined
  return operations.find((operation) => operation.name?.value === name)
}

/** What of an operation the roles do not reach; empty when they reach all of it. */
export type Authorise = (request: OperationRequest) => readonly Refusal[]

/**
 * Makes what decides before anything runs what of an operation the roles do not reach: every field, argument,
 * input field and enum value that it asks for, through fragments, aliases, interfaces, unions and variables. What
 * `@skip` and `@include` leave out does not count; a selection on an abstract type counts for every type that it
 * may meet. At most 100 are told; none when the document has no such operation.
 *
 * A server refuses a mutation whole when there is any. For a query they are what the fields will refuse.
 * Reads the schema once. Throws `SchemaFault` when a directive in it cannot be read.
 */
export function createAuthoriser(schema: GraphQLSchema): Authorise {
  const index = indexAccess(schema)
  return (request) => {
    const operation = findOperation(request.document, request.operationName)
    return operation === undefined ? [] : new OperationWalk(schema, index, operation, request).run()
  }
}

/** Derived from the schema alone, and gone with it. */
const authorisers = new WeakMap<GraphQLSchema, Authorise>()

/** The same, with an authoriser that is made when a schema is first seen and kept as long as the schema is. */
export function authoriseOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  rawVariables: unknown,
  roles: ReadonlySet<string>,
): readonly Refusal[] {
  const authorise = authorisers.get(schema) ?? createAuthoriser(schema)
  authorisers.set(schema, authorise)
  return authorise({ document, operationName, variables: rawVariables, roles })
}

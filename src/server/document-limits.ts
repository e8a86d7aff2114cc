/**
 * How large a document is, found before it is validated: some of the specified rules take time that grows
 * with the square of a document, and fragments let a short one stand for a long one.
 *
 * Nothing here recurses, and no walk is longer than the cost limit.
 */
import {
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { QueryTooComplex } from '../errors.ts'
import type { Limits } from './options.ts'

/** How many items a list is taken to have when no argument says it. */
const USUAL_LIST = 10

type Variables = Readonly<Record<string, unknown>>

interface Step {
  readonly set: SelectionSetNode
  readonly type: GraphQLCompositeType | undefined
  readonly depth: number
  readonly times: number
  /** The field around has `first`, which counts the list below it already. */
  readonly sized: boolean
}

interface Tally {
  cost: number
  aliases: number
}

function fieldOf(
  type: GraphQLCompositeType | undefined,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  return type === undefined || !('getFields' in type) ? undefined : type.getFields()[name]
}

function isList(field: GraphQLField<unknown, unknown> | undefined): boolean {
  return field !== undefined && isListType(isNonNullType(field.type) ? field.type.ofType : field.type)
}

function sizeArgument(node: FieldNode, variables: Variables): number | undefined {
  const value = node.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last')?.value
  if (value?.kind === Kind.INT) return Number(value.value)
  if (value?.kind !== Kind.VARIABLE) return undefined
  const given = variables[value.name.value]
  return typeof given === 'number' && given > 0 ? given : undefined
}

function defaultSize(field: GraphQLField<unknown, unknown> | undefined): number | undefined {
  const argument = field?.args.find(({ name }) => name === 'first')
  if (argument === undefined) return undefined
  return typeof argument.defaultValue === 'number' ? argument.defaultValue : USUAL_LIST
}

function stepInto(node: FieldNode, from: Step, variables: Variables): Step | undefined {
  if (node.selectionSet === undefined || node.name.value.startsWith('__')) return undefined
  const field = fieldOf(from.type, node.name.value)
  const page = sizeArgument(node, variables) ?? defaultSize(field)
  const size = page ?? (isList(field) && !from.sized ? USUAL_LIST : 1)
  const named = field === undefined ? undefined : getNamedType(field.type)
  return {
    set: node.selectionSet,
    type: isCompositeType(named) ? named : undefined,
    depth: from.depth + 1,
    times: from.times * Math.max(1, size),
    sized: page !== undefined,
  }
}

function typeNamed(
  schema: GraphQLSchema,
  name: string | undefined,
  otherwise: Step,
): GraphQLCompositeType | undefined {
  const type = name === undefined ? otherwise.type : schema.getType(name)
  return isCompositeType(type) ? type : undefined
}

/** What variables hold once the operation's own defaults are counted in. */
function withDefaults(operation: OperationDefinitionNode, variables: Variables): Variables {
  const sizes: Record<string, unknown> = { ...variables }
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) sizes[variable.name.value] ??= Number(defaultValue.value)
  }
  return sizes
}

function countNames(set: SelectionSetNode): number {
  const seen = new Set<string>()
  let again = 0
  for (const selection of set.selections) {
    if (selection.kind !== Kind.FIELD) continue
    if (selection.alias !== undefined || seen.has(selection.name.value)) again += 1
    seen.add(selection.name.value)
  }
  return again
}

function check(tally: Tally, depth: number, limits: Limits): void {
  if (depth > limits.depth) throw new QueryTooComplex(`The document is deeper than ${limits.depth} fields.`)
  if (tally.cost > limits.cost) throw new QueryTooComplex(`The operation costs more than ${limits.cost}.`)
  if (tally.aliases > limits.aliases) {
    throw new QueryTooComplex(`The operation has more than ${limits.aliases} aliases and repeated fields.`)
  }
}

/**
 * Refuses an operation that is deeper, costs more or aliases more than the limits allow.
 *
 * @throws {QueryTooComplex}
 */
export function limitOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  limits: Limits,
): void {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const tally: Tally = { cost: 0, aliases: 0 }
  const sizes = withDefaults(operation, variables)
  const type = schema.getRootType(operation.operation) ?? undefined
  const steps: Step[] = [{ set: operation.selectionSet, type, depth: 1, times: 1, sized: false }]
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    tally.aliases += countNames(step.set)
    tally.cost += step.set.selections.length * step.times
    check(tally, step.depth, limits)
    for (const selection of step.set.selections) {
      const next = nextStep(schema, selection, step, fragments, sizes)
      if (next !== undefined) steps.push(next)
    }
  }
}

function nextStep(
  schema: GraphQLSchema,
  selection: SelectionSetNode['selections'][number],
  step: Step,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Variables,
): Step | undefined {
  if (selection.kind === Kind.FIELD) return stepInto(selection, step, variables)
  const target = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
  if (target === undefined) return undefined
  return {
    ...step,
    set: target.selectionSet,
    type: typeNamed(schema, target.typeCondition?.name.value, step),
  }
}

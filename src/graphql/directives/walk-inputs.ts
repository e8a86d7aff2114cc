import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  Kind,
  type GraphQLInputType,
  type ObjectFieldNode,
  type ValueNode,
} from 'graphql'
import type { InputRules, Restriction, WatchedInput } from './input-rules.ts'

type Report = (restriction: Restriction) => void

/** What is given for an input: a value (JSON, or what the resolver gets), or a literal of the document. */
interface Visit<T> {
  readonly type: GraphQLInputType
  readonly given: T
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value

function visitFields(
  watched: readonly WatchedInput[],
  value: object,
  report: Report,
  pending: Visit<unknown>[],
): void {
  for (const { name, type, restriction, deep } of watched) {
    if (!Object.hasOwn(value, name)) continue
    if (restriction !== null) report(restriction)
    if (deep) pending.push({ type, given: (value as Record<string, unknown>)[name] })
  }
}

/**
 * Reports everything restricted in a value of an input type. Iterative, because a caller may nest a
 * variable 5,000 deep, and guided by the type, so that what cannot matter is not looked at.
 */
export function walkValue(
  { objects, enums }: InputRules,
  type: GraphQLInputType,
  value: unknown,
  enumsBy: 'byName' | 'byValue',
  report: Report,
): void {
  const pending: Visit<unknown>[] = [{ type, given: value }]
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { given } = visit
    const nullable = getNullableType(visit.type)
    if (given === null || given === undefined) continue
    if (isListType(nullable)) {
      const items = isIterable(given) ? given : [given]
      for (const item of items) pending.push({ type: nullable.ofType, given: item })
    } else if (isEnumType(nullable)) {
      const restriction = enums.get(nullable.name)?.[enumsBy].get(given)
      if (restriction !== undefined) report(restriction)
    } else if (isInputObjectType(nullable) && typeof given === 'object') {
      visitFields(objects.get(nullable.name) ?? [], given, report, pending)
    }
  }
}

/** How a literal's variables are followed. */
export interface VariableWalk {
  /** Whether a value is given for it, by the request or by a default. */
  isGiven(name: string): boolean
  walk(name: string, type: GraphQLInputType, report: Report): void
}

/** Whether a literal stands for a value: a variable that nobody gave does not. */
export function isGiven(node: ValueNode, variables: VariableWalk): boolean {
  return node.kind !== Kind.VARIABLE || variables.isGiven(node.name.value)
}

function visitLiteralFields(
  watched: readonly WatchedInput[],
  nodes: readonly ObjectFieldNode[],
  variables: VariableWalk,
  report: Report,
  pending: Visit<ValueNode>[],
): void {
  const byName = new Map(watched.map((input) => [input.name, input]))
  for (const { name, value } of nodes) {
    const input = byName.get(name.value)
    if (input === undefined || !isGiven(value, variables)) continue
    if (input.restriction !== null) report(input.restriction)
    if (input.deep) pending.push({ type: input.type, given: value })
  }
}

/** Reports everything restricted in a literal of an input type, its variables included. */
export function walkLiteral(
  { objects, enums }: InputRules,
  type: GraphQLInputType,
  literal: ValueNode,
  variables: VariableWalk,
  report: Report,
): void {
  const pending: Visit<ValueNode>[] = [{ type, given: literal }]
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { given } = visit
    const nullable = getNullableType(visit.type)
    if (given.kind === Kind.VARIABLE) {
      variables.walk(given.name.value, nullable, report)
    } else if (isListType(nullable)) {
      const items = given.kind === Kind.LIST ? given.values : [given]
      for (const item of items) pending.push({ type: nullable.ofType, given: item })
    } else if (isEnumType(nullable) && given.kind === Kind.ENUM) {
      const restriction = enums.get(nullable.name)?.byName.get(given.value)
      if (restriction !== undefined) report(restriction)
    } else if (isInputObjectType(nullable) && given.kind === Kind.OBJECT) {
      visitLiteralFields(objects.get(nullable.name) ?? [], given.fields, variables, report, pending)
    }
  }
}

import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import type { SchemaRules } from './rules.ts'

/** Something that needs one of these roles. */
export interface Restriction {
  readonly coordinate: string
  readonly roles: readonly string[]
}

/** An argument or input field that is worth looking at. */
export interface WatchedInput {
  readonly name: string
  readonly type: GraphQLInputType
  /** Set when giving it at all is restricted. */
  readonly restriction: Restriction | null
  /** Whether something restricted lies below. */
  readonly deep: boolean
}

export interface WatchedEnum {
  /** By name, as a document and its variables have it. */
  readonly byName: ReadonlyMap<unknown, Restriction>
  /** By internal value, as resolvers have it. */
  readonly byValue: ReadonlyMap<unknown, Restriction>
}

/** Finds the first thing in a field's arguments, as the resolver gets them, that is not allowed. */
export type InputRestriction = (
  args: Readonly<Record<string, unknown>>,
  allowed: (roles: readonly string[]) => boolean,
) => Restriction | null

/** What is restricted among inputs, by input type; a type that reaches nothing restricted is not here. */
export interface InputRules {
  readonly objects: ReadonlyMap<string, readonly WatchedInput[]>
  readonly enums: ReadonlyMap<string, WatchedEnum>
}

function watchEnum(type: GraphQLEnumType, rules: SchemaRules): WatchedEnum | null {
  const byName = new Map<unknown, Restriction>()
  const byValue = new Map<unknown, Restriction>()
  for (const { name, value } of type.getValues()) {
    const coordinate = `${type.name}.${name}`
    const roles = rules.restricted.get(coordinate)
    if (roles === undefined) continue
    byName.set(name, { coordinate, roles })
    byValue.set(value, { coordinate, roles })
  }
  return byName.size > 0 ? { byName, byValue } : null
}

/** The input types that lead to something restricted, found by following each type's users until no more are found. */
function findReaching(
  types: readonly GraphQLNamedType[],
  rules: SchemaRules,
  enums: ReadonlyMap<string, WatchedEnum>,
): Set<string> {
  const users = new Map<string, string[]>()
  const found: string[] = [...enums.keys()]
  for (const type of types.filter(isInputObjectType)) {
    for (const field of Object.values(type.getFields())) {
      const named = getNamedType(field.type).name
      users.set(named, [...(users.get(named) ?? []), type.name])
      if (rules.restricted.has(`${type.name}.${field.name}`)) found.push(type.name)
    }
  }
  const reaching = new Set<string>()
  for (let name = found.pop(); name !== undefined; name = found.pop()) {
    if (reaching.has(name)) continue
    reaching.add(name)
    found.push(...(users.get(name) ?? []))
  }
  return reaching
}

function watchInput(
  { name, type }: { readonly name: string; readonly type: GraphQLInputType },
  coordinate: string,
  rules: SchemaRules,
  reaching: { has(name: string): boolean },
): WatchedInput | null {
  const roles = rules.restricted.get(coordinate)
  const deep = reaching.has(getNamedType(type).name)
  if (roles === undefined && !deep) return null
  return { name, type, deep, restriction: roles === undefined ? null : { coordinate, roles } }
}

/** Indexes what is restricted among a schema's inputs. */
export function indexInputs(schema: GraphQLSchema, rules: SchemaRules): InputRules {
  const types = Object.values(schema.getTypeMap())
  const enums = new Map<string, WatchedEnum>()
  for (const type of types.filter(isEnumType)) {
    const watched = watchEnum(type, rules)
    if (watched !== null) enums.set(type.name, watched)
  }
  const reaching = findReaching(types, rules, enums)
  const objects = new Map<string, readonly WatchedInput[]>()
  for (const type of types.filter(isInputObjectType)) {
    if (!reaching.has(type.name)) continue
    const watched = Object.values(type.getFields()).map((field) =>
      watchInput(field, `${type.name}.${field.name}`, rules, reaching),
    )
    objects.set(
      type.name,
      watched.filter((input) => input !== null),
    )
  }
  return { objects, enums }
}

/** The arguments of one field that are worth looking at. */
export function watchArguments(
  args: readonly GraphQLArgument[],
  fieldCoordinate: string,
  rules: SchemaRules,
  { objects, enums }: InputRules,
): WatchedInput[] {
  const reaching = { has: (name: string) => objects.has(name) || enums.has(name) }
  return args
    .map((arg) => watchInput(arg, `${fieldCoordinate}(${arg.name}:)`, rules, reaching))
    .filter((input) => input !== null)
}

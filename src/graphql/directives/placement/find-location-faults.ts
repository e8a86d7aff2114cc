import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  type GraphQLNamedType,
} from 'graphql'
import { DIRECTIVE_NAMES } from '../definitions.ts'
import type { Placement } from './placement.ts'
import { directivesOn } from '../rules.ts'

type Annotated = Parameters<typeof directivesOn>[0]

const isOurs = (name: string): boolean => DIRECTIVE_NAMES.some((ours) => ours === name)

function misplaced(coordinate: string, element: Annotated, allowed: readonly string[]): string[] {
  return directivesOn(element)
    .map((directive) => directive.name.value)
    .filter((name) => isOurs(name) && !allowed.includes(name))
    .map((name) => `${coordinate}: @${name} does nothing here`)
}

const RESTRICTION = ['requiresRole'] as const

function findInType(type: GraphQLNamedType): string[] {
  if (isObjectType(type) || isInterfaceType(type)) {
    const args = Object.values(type.getFields()).flatMap((field) =>
      field.args.flatMap((arg) => misplaced(`${type.name}.${field.name}(${arg.name}:)`, arg, RESTRICTION)),
    )
    return [...misplaced(type.name, type, RESTRICTION), ...args]
  }
  const within = isEnumType(type)
    ? type.getValues()
    : isInputObjectType(type)
      ? Object.values(type.getFields())
      : []
  const restricted = within.flatMap((item) => misplaced(`${type.name}.${item.name}`, item, RESTRICTION))
  return [...misplaced(type.name, type, []), ...restricted]
}

/** Finds the kit's directives where they say nothing: graphql-js checks locations only when SDL is validated. */
export function findLocationFaults({ schema }: Placement): string[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type))
  return [...misplaced('schema', schema, []), ...types.flatMap(findInType)]
}

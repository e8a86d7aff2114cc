import type { GraphQLSchema } from 'graphql'
import type { SealedColumns } from '../protection.ts'
import type { SchemaRules } from '../rules.ts'

/** What the placement of directives is judged by. */
export interface Placement {
  readonly schema: GraphQLSchema
  readonly rules: SchemaRules
  readonly sealed: SealedColumns
  readonly ownedTypes: readonly string[]
}

/** The texts that are in a list more than once. */
export function duplicatesIn(list: readonly string[]): string[] {
  return [...new Set(list.filter((item, at) => list.indexOf(item) !== at))]
}

/** The texts of one list that another does not have. */
export function missingFrom(list: readonly string[], other: readonly string[]): string[] {
  return list.filter((item) => !other.includes(item))
}

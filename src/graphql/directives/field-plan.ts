import type { GraphQLFieldResolver } from 'graphql'
import { InternalError } from '../../errors.ts'
import type { InputRestriction, Restriction } from './input-rules.ts'
import type { FieldRule } from './rules.ts'

export type Resolver<C> = GraphQLFieldResolver<unknown, C>

/** How one field is guarded: decided once, when the schema is built. */
export interface FieldPlan {
  readonly rule: FieldRule
  /** How many lists deep the field's type is. */
  readonly depth: number
  /** Whether its type could print a sealed value: String, ID or a custom scalar. */
  readonly printsObjects: boolean
  /** Finds what is restricted among the arguments; null when nothing can be. */
  readonly inputs: InputRestriction | null
  /** The restricted values of the field's enum, by internal value; null when it has none. */
  readonly outputs: ReadonlyMap<unknown, Restriction> | null
}

/** A field that must not answer, with the reason inside, for the log, and never a value. */
export function fieldFault(rule: FieldRule, reason: string): InternalError {
  return new InternalError(undefined, { cause: new Error(`${rule.coordinate}: ${reason}`) })
}

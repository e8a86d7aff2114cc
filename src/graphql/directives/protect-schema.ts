import { MapperKind, mapSchema, type Maybe } from '@graphql-tools/utils'
import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isScalarType,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'
import { SchemaFault } from '../../errors.ts'
import { describe, describeRestriction, describeRule } from './describe.ts'
import type { FieldPlan } from './field-plan.ts'
import { findPlacementFaults } from './placement/find-placement-faults.ts'
import { guardField, guardStart } from './guard-field.ts'
import {
  indexInputs,
  watchArguments,
  type InputRestriction,
  type InputRules,
  type Restriction,
} from './input-rules.ts'
import type { Protection, SealedColumns } from './protection.ts'
import { readRules, typesWithFields, type SchemaRules } from './rules.ts'
import { walkValue } from './walk-inputs.ts'

const PRINTS_NO_OBJECT: ReadonlySet<string> = new Set(['Int', 'Float', 'Boolean'])

function listDepth(type: GraphQLOutputType): number {
  let depth = 0
  let inner = getNullableType(type)
  for (; isListType(inner); inner = getNullableType(inner.ofType)) depth += 1
  return depth
}

function restrictInputs(
  field: GraphQLField<unknown, unknown>,
  coordinate: string,
  rules: SchemaRules,
  inputRules: InputRules,
): InputRestriction | null {
  const watched = watchArguments(field.args, coordinate, rules, inputRules)
  if (watched.length === 0) return null
  return (args, allowed) => {
    let refused: Restriction | null = null
    const report = (restriction: Restriction) => {
      if (refused === null && !allowed(restriction.roles)) refused = restriction
    }
    for (const { name, type, restriction, deep } of watched) {
      if (!Object.hasOwn(args, name)) continue
      if (restriction !== null) report(restriction)
      if (deep) walkValue(inputRules, type, args[name], 'byValue', report)
    }
    return refused
  }
}

function planFields(schema: GraphQLSchema, rules: SchemaRules): ReadonlyMap<string, FieldPlan> {
  const inputRules = indexInputs(schema, rules)
  const plans = new Map<string, FieldPlan>()
  for (const type of typesWithFields(schema)) {
    for (const field of Object.values(type.getFields())) {
      const rule = rules.fields.get(`${type.name}.${field.name}`)
      if (rule === undefined) continue
      const named = getNamedType(field.type)
      plans.set(rule.coordinate, {
        rule,
        depth: listDepth(field.type),
        printsObjects: isScalarType(named) && !PRINTS_NO_OBJECT.has(named.name),
        inputs: restrictInputs(field, rule.coordinate, rules, inputRules),
        outputs: isEnumType(named) ? (inputRules.enums.get(named.name)?.byValue ?? null) : null,
      })
    }
  }
  return plans
}

const changesNothing = ({ rule, inputs, outputs, printsObjects }: FieldPlan): boolean =>
  rule.roles === null &&
  rule.mask === null &&
  !rule.encrypted &&
  inputs === null &&
  outputs === null &&
  !printsObjects

type FieldConfig<C> = GraphQLFieldConfig<unknown, C>

function protectFieldConfig<C>(
  config: FieldConfig<C>,
  plan: FieldPlan,
  protection: Protection<C>,
): FieldConfig<C> {
  if (changesNothing(plan)) return config
  return {
    ...config,
    resolve: guardField(plan, config.resolve ?? defaultFieldResolver, protection),
    ...(config.subscribe && { subscribe: guardStart(plan, config.subscribe, protection) }),
  }
}

/** Writes what the directives do into the descriptions, which is where the Playground shows it. */
function describeSchema(schema: GraphQLSchema, rules: SchemaRules): GraphQLSchema {
  const describeInput = <I extends { description?: Maybe<string> }>(config: I, coordinate: string): I => ({
    ...config,
    description: describe(config.description, describeRestriction(rules.restricted.get(coordinate))),
  })
  return mapSchema(schema, {
    [MapperKind.COMPOSITE_FIELD]: (config, fieldName, typeName) => {
      const coordinate = `${typeName}.${fieldName}`
      const args = Object.entries(config.args ?? {}).map(
        ([name, arg]) => [name, describeInput(arg, `${coordinate}(${name}:)`)] as const,
      )
      const description = describe(config.description, describeRule(rules.fields.get(coordinate)))
      return { ...config, args: Object.fromEntries(args), description }
    },
    [MapperKind.INPUT_OBJECT_FIELD]: (config, name, typeName) => describeInput(config, `${typeName}.${name}`),
    [MapperKind.ENUM_VALUE]: (config, typeName, _schema, name) =>
      describeInput(config, `${typeName}.${name}`),
  })
}

/**
 * Makes a schema do what its directives say: returns a schema whose every field checks the caller's roles,
 * masks and opens, and whose descriptions say so. The schema given is not changed.
 *
 * Throws `SchemaFault` with every misplaced, contradictory or missing directive, so that an unsafe schema
 * is never served.
 */
export function protectSchema<C>(
  schema: GraphQLSchema,
  protection: Protection<C>,
  sealed: SealedColumns,
): GraphQLSchema {
  const { rules, faults } = readRules(schema)
  faults.push(...findPlacementFaults({ schema, rules, sealed, ownedTypes: protection.ownedTypes }))
  if (faults.length > 0) throw new SchemaFault(faults)
  const plans = planFields(schema, rules)
  const guarded = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (config: FieldConfig<C>, fieldName, typeName) => {
      const plan = plans.get(`${typeName}.${fieldName}`)
      return plan && protectFieldConfig(config, plan, protection)
    },
  })
  return describeSchema(guarded, rules)
}

import {
  getNamedType,
  getNullableType,
  GraphQLString,
  isInterfaceType,
  isListType,
  isNonNullType,
  type GraphQLOutputType,
} from 'graphql'
import { hasFakeKind } from '../fake.ts'
import { isMaskCharacter } from '../mask.ts'
import { duplicatesIn, missingFrom, type Placement } from './placement.ts'
import { typesWithFields, type FieldRule, type MaskRule } from '../rules.ts'

function findTypeFaults(type: GraphQLOutputType, { strategy }: MaskRule, fieldName: string): string[] {
  if (strategy === 'NULL') return isNonNullType(type) ? ['NULL needs a nullable field'] : []
  const isString = getNamedType(type).name === GraphQLString.name
  if (!isString) return [`${strategy} needs a String, not ${String(type)}`]
  if (strategy !== 'FAKE') return []
  if (isListType(getNullableType(type))) return ['FAKE needs a String, not a list']
  return hasFakeKind(fieldName) ? [] : [`FAKE has no data for a field named ${fieldName}`]
}

function findShapeFaults({ strategy, first, last, with: star }: MaskRule): string[] {
  const faults: string[] = []
  if (first < 0) faults.push('first is negative')
  if (last < 0) faults.push('last is negative')
  if (!isMaskCharacter(star)) faults.push('with must be one printable character, no space and no hyphen')
  if (strategy !== 'PARTIAL' && (first !== 0 || last !== 0 || star !== '*')) {
    faults.push(`first, last and with say nothing with ${strategy}`)
  }
  return faults
}

function findExceptionFaults(rule: FieldRule, mask: MaskRule): string[] {
  const dead = rule.roles === null ? [] : missingFrom(mask.unless, rule.roles)
  return [
    ...duplicatesIn(mask.unless).map((role) => `unless names ${role} twice`),
    ...dead.map((role) => `unless names ${role}, which does not reach the field`),
  ]
}

/** Finds masks that cannot do what they say. */
export function findMaskFaults({ schema, rules, ownedTypes }: Placement): string[] {
  return typesWithFields(schema).flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) => {
      const rule = rules.fields.get(`${type.name}.${field.name}`)
      if (!rule?.mask) return []
      const unowned = rule.mask.unlessOwner && !isInterfaceType(type) && !ownedTypes.includes(type.name)
      return [
        ...findTypeFaults(field.type, rule.mask, field.name),
        ...findShapeFaults(rule.mask),
        ...findExceptionFaults(rule, rule.mask),
        ...(unowned ? [`unlessOwner means nothing, because ${type.name} has no owner`] : []),
      ].map((fault) => `${rule.coordinate}: @masked: ${fault}`)
    }),
  )
}

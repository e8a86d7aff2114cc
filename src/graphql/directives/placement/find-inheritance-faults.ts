import { isInterfaceType, type GraphQLInterfaceType } from 'graphql'
import { missingFrom, type Placement } from './placement.ts'
import {
  typesWithFields,
  type FieldRule,
  type FieldsType,
  type MaskRule,
  type SchemaRules,
} from '../rules.ts'

type Roles = readonly string[] | null

const widens = (bound: Roles, roles: Roles): boolean =>
  bound !== null && (roles === null || missingFrom(roles, bound).length > 0)

const sameShape = (a: MaskRule, b: MaskRule): boolean =>
  a.strategy === b.strategy && a.first === b.first && a.last === b.last && a.with === b.with

function findMaskFaults(bound: MaskRule, mask: MaskRule | null): string[] {
  if (mask === null) return ['has no @masked']
  const faults = sameShape(bound, mask) ? [] : ['has another mask']
  if (missingFrom(mask.unless, bound.unless).length > 0) faults.push('has more roles in unless')
  if (mask.unlessOwner && !bound.unlessOwner) faults.push('has unlessOwner')
  return faults
}

function findFieldFaults(bound: FieldRule, rule: FieldRule): string[] {
  const faults = bound.mask === null ? [] : findMaskFaults(bound.mask, rule.mask)
  if (widens(bound.roles, rule.roles)) faults.push('lets more roles in')
  if (bound.encrypted && !rule.encrypted) faults.push('has no @encrypted')
  return faults.map((fault) => `${rule.coordinate}: ${fault}, against ${bound.coordinate}`)
}

function findArgumentFaults(
  face: GraphQLInterfaceType,
  type: FieldsType,
  { restricted }: SchemaRules,
): string[] {
  return Object.values(face.getFields()).flatMap((field) =>
    field.args.flatMap((arg) => {
      const place = `${field.name}(${arg.name}:)`
      const bound = restricted.get(`${face.name}.${place}`) ?? null
      const roles = restricted.get(`${type.name}.${place}`) ?? null
      return widens(bound, roles)
        ? [`${type.name}.${place}: lets more roles in, against ${face.name}.${place}`]
        : []
    }),
  )
}

/** Directives on an interface field bind every implementor: graphql-js resolves by the object type alone. */
export function findInheritanceFaults({ schema, rules }: Placement): string[] {
  return typesWithFields(schema)
    .filter(isInterfaceType)
    .flatMap((face) => {
      const { objects, interfaces } = schema.getImplementations(face)
      return [...objects, ...interfaces].flatMap((type) => [
        ...Object.keys(face.getFields()).flatMap((name) => {
          const bound = rules.fields.get(`${face.name}.${name}`)
          const rule = rules.fields.get(`${type.name}.${name}`)
          return bound && rule ? findFieldFaults(bound, rule) : []
        }),
        ...findArgumentFaults(face, type, rules),
      ])
    })
}

import { getNamedType, isLeafType, isObjectType, type GraphQLField, type GraphQLObjectType } from 'graphql'
import type { FieldSpec } from '../../../crypto/field-spec.ts'
import type { Placement } from './placement.ts'
import type { SealedColumns } from '../protection.ts'
import { typesWithFields } from '../rules.ts'

const own = <V>(record: Readonly<Record<string, V>> | undefined, key: string): V | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined

function sealedColumn(
  { map, models, columns }: SealedColumns,
  typeName: string,
  fieldName: string,
): FieldSpec | null {
  const model = own(models, typeName)
  const column = own(columns, `${typeName}.${fieldName}`) ?? fieldName
  return (model !== undefined && own(own(map, model)?.fields, column)) || null
}

function findFieldFaults(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  { rules, sealed }: Placement,
): string[] {
  const coordinate = `${type.name}.${field.name}`
  const encrypted = rules.fields.get(coordinate)?.encrypted ?? false
  const spec = sealedColumn(sealed, type.name, field.name)
  if (spec === null) return encrypted ? [`${coordinate}: @encrypted, but no sealed column is behind it`] : []
  const column = `${spec.model}.${spec.field}`
  if (!encrypted) return [`${coordinate}: shows the sealed column ${column} without @encrypted`]
  const isWhole = isLeafType(getNamedType(field.type)) || spec.type === 'Json'
  return isWhole
    ? []
    : [`${coordinate}: @encrypted on an object type needs a Json column, and ${column} is ${spec.type}`]
}

/** Finds names in the mapping that mean nothing: a misspelt one would leave a column unproved. */
function findMappingFaults({ schema, sealed: { map, models, columns = {} } }: Placement): string[] {
  const faults = Object.entries(models).flatMap(([typeName, model]) => [
    ...(isObjectType(schema.getType(typeName))
      ? []
      : [`models: ${typeName} is no object type of the schema`]),
    ...(Object.hasOwn(map, model) ? [] : [`models: ${model} is no model`]),
  ])
  for (const [coordinate, column] of Object.entries(columns)) {
    const [typeName = '', fieldName = ''] = coordinate.split('.')
    const type = schema.getType(typeName)
    const exists = isObjectType(type) && Object.hasOwn(type.getFields(), fieldName)
    if (!exists) faults.push(`columns: ${coordinate} is no field of the schema`)
    const model = own(map, own(models, typeName) ?? '')
    if (own(model?.fields, column) === undefined)
      faults.push(`columns: ${coordinate} names ${column}, which is not sealed`)
  }
  return faults
}

/** Proves the SDL against the sealed map: what is sealed says so, and nothing else does. */
export function findSealingFaults(placement: Placement): string[] {
  const types = typesWithFields(placement.schema).filter(isObjectType)
  const faults = types.flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) => findFieldFaults(type, field, placement)),
  )
  return [...findMappingFaults(placement), ...faults]
}

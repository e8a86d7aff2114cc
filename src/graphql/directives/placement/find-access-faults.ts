import { duplicatesIn, missingFrom, type Placement } from './placement.ts'
import { typesWithFields, type FieldRule, type FieldsType, type SchemaRules } from '../rules.ts'

const isProtected = ({ ownRoles, mask, encrypted }: FieldRule): boolean =>
  ownRoles !== null || mask !== null || encrypted

function findRoleFaults(coordinate: string, roles: readonly string[]): string[] {
  const twice = duplicatesIn(roles).map((role) => `${coordinate}: @requiresRole names ${role} twice`)
  return roles.length === 0 ? [`${coordinate}: @requiresRole(anyOf: []) lets nobody in`] : twice
}

function findOwnFaults(rule: FieldRule): string[] {
  const { coordinate, ownRoles, typeRoles, isPublic } = rule
  const faults = ownRoles === null ? [] : findRoleFaults(coordinate, ownRoles)
  if (isPublic && ownRoles !== null) faults.push(`${coordinate}: @public contradicts @requiresRole`)
  if (isPublic && typeRoles !== null)
    faults.push(`${coordinate}: @public contradicts @requiresRole on ${rule.typeName}`)
  if (isPublic && rule.mask !== null) faults.push(`${coordinate}: @public contradicts @masked`)
  if (isPublic && rule.encrypted) faults.push(`${coordinate}: @public contradicts @encrypted`)
  for (const role of missingFrom(ownRoles ?? [], typeRoles ?? ownRoles ?? [])) {
    faults.push(`${coordinate}: @requiresRole names ${role}, which does not reach ${rule.typeName}`)
  }
  return faults
}

/** Deny by default: a root field, and a field beside a protected one, says who may see it. */
function findUnstated(type: FieldsType, rules: readonly FieldRule[], isRoot: boolean): string[] {
  if (!isRoot && !rules.some(isProtected)) return []
  return rules
    .filter((rule) => rule.roles === null && !rule.isPublic)
    .map(
      (rule) => `${rule.coordinate}: needs @requiresRole or @public, on it or @requiresRole on ${type.name}`,
    )
}

function findRestrictionFaults({ fields, restricted }: SchemaRules): string[] {
  return [...restricted].flatMap(([coordinate, roles]) => {
    const field = fields.get(coordinate.replace(/\(.*$/, ''))?.roles
    const dead = field ? missingFrom(roles, field) : []
    return [
      ...findRoleFaults(coordinate, roles),
      ...dead.map((role) => `${coordinate}: @requiresRole names ${role}, which does not reach the field`),
    ]
  })
}

/** Finds fields that nobody said who may see, and what contradicts itself. */
export function findAccessFaults({ schema, rules }: Placement): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const faults = typesWithFields(schema).flatMap((type) => {
    const own = Object.keys(type.getFields()).flatMap(
      (name) => rules.fields.get(`${type.name}.${name}`) ?? [],
    )
    const typeRoles = own[0]?.typeRoles
    return [
      ...(typeRoles ? findRoleFaults(type.name, typeRoles) : []),
      ...own.flatMap(findOwnFaults),
      ...findUnstated(
        type,
        own,
        roots.some((root) => root === type),
      ),
    ]
  })
  return [...faults, ...findRestrictionFaults(rules)]
}

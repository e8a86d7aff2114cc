import {
  buildASTSchema,
  getDirectiveValues,
  isEnumType,
  parse,
  type DirectiveNode,
  type GraphQLDirective,
  type GraphQLSchema,
} from 'graphql'

/**
 * The directives as the kit reads them. A schema of one's own adds `enum Role` with its own roles;
 * schema/directives.graphql is this with descriptions.
 */
export const directiveTypeDefs = /* GraphQL */ `
  directive @requiresRole(
    anyOf: [Role!]!
  ) on OBJECT | INTERFACE | FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
  directive @public on FIELD_DEFINITION
  directive @masked(
    last: Int = 0
    first: Int = 0
    with: String = "*"
    strategy: MaskStrategy = PARTIAL
    unless: [Role!] = []
    unlessOwner: Boolean = false
  ) on FIELD_DEFINITION
  directive @encrypted on FIELD_DEFINITION
  enum MaskStrategy {
    PARTIAL
    EMAIL
    PHONE
    REDACT
    NULL
    FAKE
  }
`

export const DIRECTIVE_NAMES = ['requiresRole', 'public', 'masked', 'encrypted'] as const
export type DirectiveName = (typeof DIRECTIVE_NAMES)[number]

/** Reads the arguments of a directive's use; throws a GraphQLError when they do not fit. */
export type ReadDirective = (name: DirectiveName, node: DirectiveNode) => Readonly<Record<string, unknown>>

const enumValues = (schema: GraphQLSchema, name: string): string[] => {
  const type = schema.getType(name)
  return isEnumType(type) ? type.getValues().map((value) => value.name) : []
}

function signature(directive: GraphQLDirective): string {
  const args = directive.args.map(
    (arg) => `${arg.name}: ${String(arg.type)} = ${JSON.stringify(arg.defaultValue)}`,
  )
  const repeatable = directive.isRepeatable ? ' repeatable' : ''
  return `(${args.sort().join(', ')})${repeatable} on ${[...directive.locations].sort().join(' | ')}`
}

function findDefinitionFaults(schema: GraphQLSchema, expected: GraphQLSchema): string[] {
  const faults = DIRECTIVE_NAMES.flatMap((name) => {
    const [theirs, ours] = [schema.getDirective(name), expected.getDirective(name)]
    if (theirs && ours && signature(theirs) === signature(ours)) return []
    return [theirs ? `@${name} is defined otherwise than the kit reads it` : `@${name} is not defined`]
  })
  if (enumValues(schema, 'Role').length === 0) faults.push('enum Role is missing: it names who may be')
  const strategies = enumValues(schema, 'MaskStrategy').sort().join()
  if (strategies !== enumValues(expected, 'MaskStrategy').sort().join()) {
    faults.push('enum MaskStrategy is defined otherwise than the kit reads it')
  }
  return faults
}

/**
 * Reads directives by the kit's own definitions over the schema's own roles, so that neither a redefined
 * directive nor an enum with internal values changes what is read.
 */
export function readDefinitions(schema: GraphQLSchema): { read: ReadDirective; faults: string[] } {
  const roles = enumValues(schema, 'Role')
  const role = `enum Role { ${roles.length > 0 ? roles.join(' ') : 'NONE'} }`
  const expected = buildASTSchema(parse(`${directiveTypeDefs} ${role} type Query { role: Role }`))
  const read: ReadDirective = (name, node) => {
    const directive = expected.getDirective(name)
    return (directive && getDirectiveValues(directive, { directives: [node] })) ?? {}
  }
  return { read, faults: findDefinitionFaults(schema, expected) }
}

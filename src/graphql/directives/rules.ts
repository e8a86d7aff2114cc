import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'
import { SchemaFault } from '../../errors.ts'
import { readDefinitions, type DirectiveName, type ReadDirective } from './definitions.ts'

export type MaskStrategy = 'PARTIAL' | 'EMAIL' | 'PHONE' | 'REDACT' | 'NULL' | 'FAKE'

/** `@masked`, as a field carries it. */
export interface MaskRule {
  readonly strategy: MaskStrategy
  readonly first: number
  readonly last: number
  readonly with: string
  readonly unless: readonly string[]
  readonly unlessOwner: boolean
}

/** What the directives say of one field of an object or interface type. */
export interface FieldRule {
  readonly coordinate: string
  readonly typeName: string
  readonly fieldName: string
  readonly typeRoles: readonly string[] | null
  readonly ownRoles: readonly string[] | null
  /** One of these is needed: the field's own, else its type's; null when neither says. */
  readonly roles: readonly string[] | null
  readonly isPublic: boolean
  readonly mask: MaskRule | null
  readonly encrypted: boolean
}

/** Everything that a schema's directives say, by schema coordinate. */
export interface SchemaRules {
  readonly fields: ReadonlyMap<string, FieldRule>
  /** Arguments, input fields and enum values with `@requiresRole`. */
  readonly restricted: ReadonlyMap<string, readonly string[]>
}

interface Annotated {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined
  readonly extensionASTNodes?: readonly { readonly directives?: readonly ConstDirectiveNode[] | undefined }[]
}

/** The directives written on a schema element, its `extend` blocks included. */
export function directivesOn(element: Annotated): ConstDirectiveNode[] {
  return [element.astNode, ...(element.extensionASTNodes ?? [])].flatMap((node) => node?.directives ?? [])
}

export type FieldsType = GraphQLObjectType | GraphQLInterfaceType

/** The object and interface types of a schema, without introspection's. */
export function typesWithFields(schema: GraphQLSchema): FieldsType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is FieldsType => (isObjectType(type) || isInterfaceType(type)) && !isIntrospectionType(type),
  )
}

class RuleReader {
  readonly fields = new Map<string, FieldRule>()
  readonly restricted = new Map<string, readonly string[]>()
  readonly faults: string[]
  readonly #read: ReadDirective

  constructor(schema: GraphQLSchema) {
    const { read, faults } = readDefinitions(schema)
    this.#read = read
    this.faults = faults
    for (const type of Object.values(schema.getTypeMap())) this.#readType(type)
  }

  #readType(type: GraphQLNamedType): void {
    if (isIntrospectionType(type)) return
    if (isObjectType(type) || isInterfaceType(type)) this.#readFields(type)
    if (isEnumType(type)) {
      for (const value of type.getValues()) this.#restrict(`${type.name}.${value.name}`, value)
    }
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) this.#restrict(`${type.name}.${field.name}`, field)
    }
  }

  #readFields(type: FieldsType): void {
    const typeRoles = this.#roles(type.name, type)
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`
      this.fields.set(coordinate, this.#readField(coordinate, type.name, typeRoles, field))
      for (const arg of field.args) this.#restrict(`${coordinate}(${arg.name}:)`, arg)
    }
  }

  #readField(
    coordinate: string,
    typeName: string,
    typeRoles: readonly string[] | null,
    field: GraphQLField<unknown, unknown>,
  ): FieldRule {
    const ownRoles = this.#roles(coordinate, field)
    return {
      coordinate,
      typeName,
      fieldName: field.name,
      typeRoles,
      ownRoles,
      roles: ownRoles ?? typeRoles,
      isPublic: this.#values(coordinate, field, 'public') !== null,
      mask: this.#mask(coordinate, field),
      encrypted: this.#values(coordinate, field, 'encrypted') !== null,
    }
  }

  #restrict(coordinate: string, element: Annotated): void {
    const roles = this.#roles(coordinate, element)
    if (roles !== null) this.restricted.set(coordinate, roles)
  }

  #roles(coordinate: string, element: Annotated): readonly string[] | null {
    const values = this.#values(coordinate, element, 'requiresRole')
    return values && ((values['anyOf'] ?? []) as string[])
  }

  #mask(coordinate: string, element: Annotated): MaskRule | null {
    const values = this.#values(coordinate, element, 'masked')
    if (values === null) return null
    for (const [name, value] of Object.entries(values)) {
      if (value === null) this.faults.push(`${coordinate}: @masked(${name}: null) says nothing`)
    }
    return {
      strategy: (values['strategy'] ?? 'REDACT') as MaskStrategy,
      first: (values['first'] ?? 0) as number,
      last: (values['last'] ?? 0) as number,
      with: (values['with'] ?? '*') as string,
      unless: (values['unless'] ?? []) as string[],
      unlessOwner: values['unlessOwner'] === true,
    }
  }

  /** The directive's arguments; null when it is not there, empty (the strictest reading) with a fault when it is wrong. */
  #values(
    coordinate: string,
    element: Annotated,
    name: DirectiveName,
  ): Readonly<Record<string, unknown>> | null {
    const [node, ...more] = directivesOn(element).filter((directive) => directive.name.value === name)
    if (node === undefined) return null
    if (more.length > 0) this.faults.push(`${coordinate}: @${name} is there ${more.length + 1} times`)
    try {
      return this.#read(name, node)
    } catch (error) {
      this.faults.push(`${coordinate}: @${name}: ${error instanceof Error ? error.message : 'unreadable'}`)
      return {}
    }
  }
}

/** Reads what a schema's directives say, with a fault for each that cannot be read. */
export function readRules(schema: GraphQLSchema): { rules: SchemaRules; faults: string[] } {
  const { fields, restricted, faults } = new RuleReader(schema)
  return { rules: { fields, restricted }, faults }
}

/** The rules of a schema that is known to be sound. Throws `SchemaFault` where a directive cannot be read. */
export function soundRules(schema: GraphQLSchema): SchemaRules {
  const { rules, faults } = readRules(schema)
  if (faults.length > 0) throw new SchemaFault(faults)
  return rules
}

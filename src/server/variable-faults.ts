/**
 * Says what is wrong with variables without saying what they are. graphql-js prints the whole value into
 * its message (graphql-js #2629), so none of its messages is used: each is rebuilt from the schema.
 */
import {
  coerceInputValue,
  getNullableType,
  GraphQLError,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql'
import { BadUserInput, SealpayError } from '../errors.ts'
import { isJsonObject, type JsonObject } from './json-input.ts'

const MAX_FAULTS = 10

type Path = readonly (string | number)[]

function typeAt(type: GraphQLInputType, path: Path): GraphQLInputType {
  let current = type
  for (const key of path) {
    const inner = getNullableType(current)
    if (isListType(inner)) current = inner.ofType
    if (!isInputObjectType(inner) || typeof key !== 'string') continue
    current = inner.getFields()[key]?.type ?? current
  }
  return current
}

function printPath(name: string, path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${key}`),
    name,
  )
}

function describeObject(value: JsonObject, type: GraphQLInputType): string | undefined {
  const inner = getNullableType(type)
  if (!isInputObjectType(inner)) return undefined
  const fields = inner.getFields()
  const missing = Object.values(fields).find(
    (field) => isRequiredInputField(field) && value[field.name] === undefined,
  )
  if (missing !== undefined) return `the field "${missing.name}" of type ${String(missing.type)} is missing`
  const hasUnknown = Object.keys(value).some((key) => !Object.hasOwn(fields, key))
  if (hasUnknown) return `it has a field that ${inner.name} does not have`
  return inner.isOneOf ? `exactly one field of ${inner.name} must be given` : undefined
}

function describe(value: unknown, type: GraphQLInputType, error: GraphQLError): string {
  if (error.originalError instanceof SealpayError) return error.originalError.message
  const ofObject = isJsonObject(value) ? describeObject(value, type) : undefined
  if (ofObject !== undefined) return `${ofObject}.`
  return `expected ${String(type)}${value === null ? ', not null' : ''}.`
}

class EnoughFaults extends Error {}

function faultsOf(
  definition: VariableDefinitionNode,
  type: GraphQLInputType,
  value: unknown,
): GraphQLError[] {
  const name = definition.variable.name.value
  const faults: GraphQLError[] = []
  const add = (path: Path, invalid: unknown, error: GraphQLError) => {
    const place = path.length === 0 ? '' : ` at "${printPath(name, path)}"`
    const message = `Variable "$${name}" got an invalid value${place}; ${describe(invalid, typeAt(type, path), error)}`
    faults.push(new GraphQLError(message, { nodes: definition, originalError: new BadUserInput(message) }))
    if (faults.length === MAX_FAULTS) throw new EnoughFaults()
  }
  try {
    coerceInputValue(value, type, add)
  } catch (error) {
    if (!(error instanceof EnoughFaults)) throw error
  }
  return faults
}

function missing(definition: VariableDefinitionNode, type: GraphQLInputType): GraphQLError[] {
  if (!isNonNullType(type) || definition.defaultValue !== undefined) return []
  const message = `Variable "$${definition.variable.name.value}" of type ${String(type)} is missing.`
  return [new GraphQLError(message, { nodes: definition, originalError: new BadUserInput(message) })]
}

/**
 * The faults of an operation's variables, ten at most. Called only once execution has refused them, so
 * that variables which fit are coerced once.
 */
export function findVariableFaults(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: JsonObject,
): readonly GraphQLError[] {
  const faults: GraphQLError[] = []
  for (const definition of operation.variableDefinitions ?? []) {
    const type = typeFromAST(schema, definition.type)
    if (!isInputType(type)) continue
    const name = definition.variable.name.value
    const found = Object.hasOwn(variables, name)
      ? faultsOf(definition, type, variables[name])
      : missing(definition, type)
    faults.push(...found)
    if (faults.length >= MAX_FAULTS) break
  }
  return faults.slice(0, MAX_FAULTS)
}

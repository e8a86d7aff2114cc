import { isInputObjectType, type GraphQLInputType } from 'graphql'
import { indexInputs, type InputRules } from '../input-rules.ts'
import type { Placement } from './placement.ts'
import { typesWithFields, type SchemaRules } from '../rules.ts'
import { walkValue } from '../walk-inputs.ts'

interface Input {
  readonly type: GraphQLInputType
  readonly defaultValue?: unknown
}

function findDefaultFaults(
  coordinate: string,
  input: Input,
  rules: SchemaRules,
  inputRules: InputRules,
): string[] {
  if (input.defaultValue === undefined) return []
  const faults = rules.restricted.has(coordinate)
    ? [`${coordinate}: has @requiresRole and a default, which would refuse whoever leaves it out`]
    : []
  walkValue(inputRules, input.type, input.defaultValue, 'byValue', (restriction) =>
    faults.push(`${coordinate}: its default has ${restriction.coordinate}, which is restricted`),
  )
  return faults
}

/** Finds defaults that a caller would be refused for without having asked for them. */
export function findInputFaults({ schema, rules }: Placement): string[] {
  const inputRules = indexInputs(schema, rules)
  const args = typesWithFields(schema).flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      field.args.flatMap((arg) =>
        findDefaultFaults(`${type.name}.${field.name}(${arg.name}:)`, arg, rules, inputRules),
      ),
    ),
  )
  const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType)
  const fields = inputs.flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      findDefaultFaults(`${type.name}.${field.name}`, field, rules, inputRules),
    ),
  )
  return [...args, ...fields]
}

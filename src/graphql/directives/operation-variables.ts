import {
  Kind,
  type DirectiveNode,
  type GraphQLInputType,
  type OperationDefinitionNode,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql'
import type { InputRules, Restriction } from './input-rules.ts'
import { walkLiteral, walkValue, type VariableWalk } from './walk-inputs.ts'

type Given = Readonly<Record<string, unknown>>

/** An operation's variables as the request gives them, before they are coerced. */
export class OperationVariables implements VariableWalk {
  readonly #given: Given
  readonly #definitions: ReadonlyMap<string, VariableDefinitionNode>
  readonly #inputs: InputRules
  /** A variable is walked once for each type that it is used as, however often it is used. */
  readonly #walked = new Set<string>()

  constructor(operation: OperationDefinitionNode, given: unknown, inputs: InputRules) {
    this.#given = typeof given === 'object' && given !== null ? (given as Given) : {}
    const definitions = operation.variableDefinitions ?? []
    this.#definitions = new Map(definitions.map((node) => [node.variable.name.value, node]))
    this.#inputs = inputs
  }

  isGiven(name: string): boolean {
    return Object.hasOwn(this.#given, name) || this.#definitions.get(name)?.defaultValue !== undefined
  }

  walk(name: string, type: GraphQLInputType, report: (restriction: Restriction) => void): void {
    const use = `${name}: ${String(type)}`
    if (this.#walked.has(use)) return
    this.#walked.add(use)
    if (Object.hasOwn(this.#given, name)) {
      walkValue(this.#inputs, type, this.#given[name], 'byName', report)
      return
    }
    const fallback = this.#definitions.get(name)?.defaultValue
    if (fallback !== undefined) walkLiteral(this.#inputs, type, fallback, this, report)
  }

  /** Whether `@skip` and `@include` leave a selection in. What cannot be told stays in, and so is judged. */
  includes(directives: readonly DirectiveNode[] = []): boolean {
    for (const { name, arguments: args } of directives) {
      const condition = args?.find((arg) => arg.name.value === 'if')?.value
      if (condition === undefined) continue
      if (name.value === 'skip' && this.#boolean(condition) === true) return false
      if (name.value === 'include' && this.#boolean(condition) === false) return false
    }
    return true
  }

  #boolean(node: ValueNode): unknown {
    if (node.kind === Kind.BOOLEAN) return node.value
    if (node.kind !== Kind.VARIABLE) return undefined
    const name = node.name.value
    if (Object.hasOwn(this.#given, name)) return this.#given[name]
    const fallback = this.#definitions.get(name)?.defaultValue
    return fallback?.kind === Kind.BOOLEAN ? fallback.value : undefined
  }
}

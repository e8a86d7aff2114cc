import {
  GraphQLError,
  Kind,
  specifiedRules,
  ValuesOfCorrectTypeRule,
  type GraphQLInputType,
  type ValidationContext,
  type ValidationRule,
} from 'graphql'
import { SealpayError } from '../errors.ts'

/** What the rule says of an object's fields: names of the schema or the document, never a value. */
const ABOUT_NAMES = [
  /^Field "\w+\.\w+" of required type "[\w[\]!]+" was not provided\.$/,
  /^Field "\w+" is not defined by type "\w+"\./,
  /^Field "\w+\.\w+" must be non-null\.$/,
  /^OneOf Input Object "\w+" must specify exactly one key\.$/,
]

function describeLiteral(error: GraphQLError, expected: GraphQLInputType | null | undefined): string {
  if (error.originalError instanceof SealpayError) return error.originalError.message
  const kind = error.nodes?.[0]?.kind
  const ofAnObject = kind === Kind.OBJECT || kind === Kind.OBJECT_FIELD
  if (ofAnObject && ABOUT_NAMES.some((message) => message.test(error.message))) return error.message
  return expected == null
    ? 'A value does not fit its type.'
    : `A value does not fit; expected ${String(expected)}.`
}

/**
 * The one specified rule that prints literals into its messages, and what scalars and enums say of them.
 * It finds what it always finds, and names the expected type instead of the value.
 */
const QuietValuesRule: ValidationRule = (context) => {
  const quiet = Object.create(context, {
    reportError: {
      value: (error: GraphQLError) => {
        const message = describeLiteral(error, context.getInputType())
        context.reportError(new GraphQLError(message, { nodes: error.nodes ?? null }))
      },
    },
  }) as ValidationContext
  return ValuesOfCorrectTypeRule(quiet)
}

/** GraphQL's own rules, of which none repeats a value that the caller wrote. */
export const validationRules: readonly ValidationRule[] = specifiedRules.map((rule) =>
  rule === ValuesOfCorrectTypeRule ? QuietValuesRule : rule,
)

import { hash } from 'node:crypto'
import {
  GraphQLError,
  Kind,
  parse,
  validate,
  visit,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { BadUserInput, QueryTooComplex } from '../errors.ts'
import { inspectLiterals } from './document-literals.ts'
import { limitOperation } from './document-limits.ts'
import type { Limits } from './options.ts'
import { validationRules } from './validation-rules.ts'

const MAX_DOCUMENTS = 1000
const MAX_CHARACTERS = 8_000_000
const MAX_ERRORS = 10

/** A document that may run: within the limits, valid, and without a card number. */
export interface PreparedDocument {
  /** SHA-256 of the source, hexadecimal. */
  readonly hash: string
  readonly document: DocumentNode
  readonly operations: readonly OperationDefinitionNode[]
  /** Whether it asks for the schema itself. */
  readonly introspects: boolean
  /** Whether a variable says how long a list is, so that the cost is known only with the variables. */
  readonly sizedByVariable: boolean
}

/** A document that does not parse or is not valid. Every error in it may be shown. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused'
  readonly errors: readonly GraphQLError[]

  constructor(errors: readonly GraphQLError[]) {
    super('The document is refused.')
    this.errors = errors
  }
}

export interface Documents {
  /**
   * Parses, measures and validates, or finds that it did before.
   *
   * @throws {DocumentRefused} @throws {QueryTooComplex} @throws {CardNumberRefused} @throws {BadUserInput}
   */
  prepare(source: string): PreparedDocument
  /** The document of a hash, while it is remembered. */
  find(hash: string): DocumentNode | undefined
}

export interface DocumentOptions {
  readonly schema: GraphQLSchema
  readonly limits: Limits
  readonly hideSuggestions: boolean
  readonly containsCardNumber: (text: string) => boolean
}

const TOO_MANY_TOKENS = /tokens\. Parsing aborted\.$/

/** graphql-js prints the offending token, which may be a value; the place is enough to find it. */
function describeSyntax(error: GraphQLError): DocumentRefused {
  const message = 'The document is not valid GraphQL: it does not parse at this place.'
  const { source, positions } = error
  const shown = {
    source: source ?? null,
    positions: positions ?? null,
    originalError: new BadUserInput(message),
  }
  return new DocumentRefused([new GraphQLError(message, shown)])
}

function parseSource(source: string, limits: Limits): DocumentNode {
  try {
    return parse(source, { maxLexicalTokens: limits.tokens })
  } catch (error) {
    if (error instanceof RangeError) throw new QueryTooComplex('The document is too deep.')
    if (!(error instanceof GraphQLError)) throw error
    if (TOO_MANY_TOKENS.test(error.message)) {
      throw new QueryTooComplex(`The document has more than ${limits.tokens} tokens.`)
    }
    throw describeSyntax(error)
  }
}

function isOperation(definition: DocumentNode['definitions'][number]): definition is OperationDefinitionNode {
  return definition.kind === Kind.OPERATION_DEFINITION
}

/** Whether a document asks for the schema, and whether a variable sizes a list. */
function findTraits(document: DocumentNode): Pick<PreparedDocument, 'introspects' | 'sizedByVariable'> {
  let introspects = false
  let sizedByVariable = false
  visit(document, {
    Field: (node) => {
      introspects ||= node.name.value === '__schema' || node.name.value === '__type'
    },
    Argument: ({ name, value }) => {
      sizedByVariable ||= value.kind === Kind.VARIABLE && (name.value === 'first' || name.value === 'last')
    },
  })
  return { introspects, sizedByVariable }
}

function refuseInvalid({ schema, hideSuggestions }: DocumentOptions, document: DocumentNode): void {
  const errors = validate(schema, document, validationRules, { hideSuggestions, maxErrors: MAX_ERRORS })
  if (errors.length === 0) return
  throw new DocumentRefused(
    errors.map(
      (error) =>
        new GraphQLError(error.message, {
          nodes: error.nodes ?? null,
          originalError: new BadUserInput(error.message),
        }),
    ),
  )
}

function prepareSource(options: DocumentOptions, source: string, key: string): PreparedDocument {
  const document = parseSource(source, options.limits)
  inspectLiterals(document, options.containsCardNumber, options.limits)
  const operations = document.definitions.filter(isOperation)
  for (const operation of operations) limitOperation(options.schema, document, operation, {}, options.limits)
  refuseInvalid(options, document)
  return { hash: key, document, operations, ...findTraits(document) }
}

/** Remembers documents by their hash: clients send the same few again and again. Bounded in number and size. */
export function createDocuments(options: DocumentOptions): Documents {
  const known = new LRUCache<string, PreparedDocument>({ max: MAX_DOCUMENTS, maxSize: MAX_CHARACTERS })
  return {
    prepare(source) {
      const key = hash('sha256', source)
      const remembered = known.get(key)
      if (remembered !== undefined) return remembered
      const prepared = prepareSource(options, source, key)
      known.set(key, prepared, { size: source.length })
      return prepared
    },
    find: (key) => known.get(key)?.document,
  }
}

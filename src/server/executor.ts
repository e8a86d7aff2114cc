import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { GraphQLError, type GraphQLSchema } from 'graphql'
import type { Documents } from './documents.ts'
import type { JsonObject } from './json-input.ts'
import type { Limits } from './options.ts'

export interface Execution {
  readonly source: string
  readonly operationName: string | null
  readonly variables: JsonObject
}

export interface ExecutorOptions {
  readonly schema: GraphQLSchema
  readonly documents: Documents
  readonly limits: Limits
  /** Told of an error that Apollo replaces by one of its own. */
  readonly onFault: (error: Error) => void
}

export interface ExecutionResult {
  /** Undefined when nothing ran. */
  readonly data: Readonly<Record<string, unknown>> | null | undefined
  /** As thrown: none of them may be shown before it was formatted. */
  readonly errors: readonly GraphQLError[]
}

export interface Executor<C extends object> {
  execute(execution: Execution, context: C): Promise<ExecutionResult>
  stop(): Promise<void>
}

const silent = () => undefined
/** Apollo's own messages may quote what a caller sent; what matters of them reaches the log as an error. */
const NO_LOG = { debug: silent, info: silent, warn: silent, error: silent }

function keepError(error: unknown): GraphQLError {
  return error instanceof GraphQLError ? error : new GraphQLError('')
}

function createApollo<C extends object>({
  schema,
  documents,
  limits,
  onFault,
}: ExecutorOptions): ApolloServer<C> {
  return new ApolloServer<C>({
    schema,
    // Prepared documents come from here by hash, after Apollo's prefix; one that was forgotten meanwhile Apollo validates itself.
    documentStore: {
      get: (key) => Promise.resolve(documents.find(key.slice(key.indexOf(':') + 1))),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(false),
    },
    parseOptions: { maxLexicalTokens: limits.tokens },
    formatError: (_formatted, error) => ({ message: '', extensions: { original: error } }),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: NO_LOG,
    plugins: [
      {
        unexpectedErrorProcessingRequest: ({ error }) => {
          onFault(error)
          return Promise.resolve()
        },
      },
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  })
}

/**
 * Apollo Server as the engine that executes. HTTP, limits, validation and the shape of errors are this
 * folder's: of Apollo's own, cache control takes half of the execution time, and nothing here may be cached.
 */
export async function startExecutor<C extends object>(options: ExecutorOptions): Promise<Executor<C>> {
  const apollo = createApollo<C>(options)
  await apollo.start()
  return {
    async execute({ source, operationName, variables }, context) {
      const request = { query: source, variables, ...(operationName === null ? {} : { operationName }) }
      const { body } = await apollo.executeOperation(request, { contextValue: context })
      if (body.kind !== 'single') throw new Error('incremental delivery is not served')
      const { data, errors } = body.singleResult
      return { data, errors: (errors ?? []).map(({ extensions }) => keepError(extensions?.['original'])) }
    },
    stop: () => apollo.stop(),
  }
}

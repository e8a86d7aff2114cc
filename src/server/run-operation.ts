import { GraphQLError, OperationTypeNode, type DocumentNode, type OperationDefinitionNode } from 'graphql'
import { Forbidden, InternalError, SealpayError, Unauthenticated } from '../errors.ts'
import type { Principal } from '../domain/principal.ts'
import { noteCodes, type Answer } from './answer.ts'
import { withDeadline } from './deadline.ts'
import type { Exchange } from './exchange.ts'
import type { ExecutionResult, Executor } from './executor.ts'
import { formatError, isFault, originalOf, publicErrorOf } from './format-error.ts'
import type { GraphQLParams } from './graphql-params.ts'
import type { ServerOptions } from './options.ts'
import { statusOf } from './refusal.ts'
import { factsOf } from './request-facts.ts'
import { findVariableFaults } from './variable-faults.ts'

/** An operation that is valid, within the limits and whose caller is known. */
export interface Ready {
  readonly exchange: Exchange
  readonly principal: Principal | null
  readonly params: GraphQLParams
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
}

export interface RunOptions<C extends object> {
  readonly server: ServerOptions<C>
  readonly executor: Executor<C>
  readonly report: (requestId: string, error: unknown) => void
}

type Facts = ReturnType<typeof factsOf>

/** A mutation goes on behind the answer: a repeat is safe with the same idempotency key alone. */
class TooSlow extends SealpayError {
  constructor({ operation }: OperationDefinitionNode) {
    const isQuery = operation === OperationTypeNode.QUERY
    super(
      'INTERNAL_SERVER_ERROR',
      'SERVICE_AVAILABILITY',
      isQuery
        ? 'The operation took too long.'
        : 'The operation took too long, and its outcome is not known. Look before you repeat it, or repeat it with the same idempotency key.',
      { retryable: isQuery },
    )
  }
}

/** A mutation that would show or use what its caller may not is refused before anything of it runs. */
function preflight<C extends object>(
  ready: Ready,
  context: C,
  server: ServerOptions<C>,
): ExecutionResult | undefined {
  const { document, operation, params, principal } = ready
  if (operation.operation !== OperationTypeNode.MUTATION) return undefined
  const roles = principal?.roles ?? new Set<never>()
  const operationName = operation.name?.value ?? null
  const refusals = server.authorise({ document, operationName, variables: params.variables, roles })
  if (refusals.length === 0) return undefined
  server.audit.refused(context, refusals)
  const errors = refusals.map(({ path }) => {
    const originalError = principal === null ? new Unauthenticated() : new Forbidden()
    return new GraphQLError(originalError.message, { path: path.split('.'), originalError })
  })
  return { data: undefined, errors }
}

/** Stores what an operation opened although nobody gets its answer. */
async function storeLater<C extends object>(
  execution: Promise<unknown>,
  context: C,
  { exchange }: Ready,
  { server, report }: RunOptions<C>,
): Promise<void> {
  try {
    await execution.catch(() => undefined)
    await server.audit.beforeAnswer(context)
  } catch (error) {
    report(exchange.requestId, error)
  }
}

async function execute<C extends object>(
  ready: Ready,
  facts: Facts,
  context: C,
  options: RunOptions<C>,
): Promise<ExecutionResult> {
  const { params, operation, exchange } = ready
  const execution = options.executor.execute(
    { source: params.query, operationName: operation.name?.value ?? null, variables: params.variables },
    context,
  )
  exchange.response.once('close', () => {
    if (!exchange.response.writableFinished) facts.abort()
  })
  try {
    return await withDeadline(execution, options.server.limits.requestMs, () => new TooSlow(operation))
  } catch (error) {
    facts.abort()
    void storeLater(execution, context, ready, options)
    throw error
  }
}

/** No audit, no answer: what cannot be recorded is not told. */
async function passAudit<C extends object>(context: C, { audit, limits }: ServerOptions<C>): Promise<void> {
  const stored = audit.beforeAnswer(context)
  if (stored === undefined) return
  try {
    await withDeadline(stored, limits.auditMs, () => new Error('the audit took too long'))
  } catch (error) {
    throw new InternalError(undefined, { cause: error })
  }
}

/** Execution without data never began: its variables did not fit, and graphql-js says so with their values. */
function describeErrors<C extends object>(
  { data, errors }: ExecutionResult,
  { operation, params }: Ready,
  { schema }: ServerOptions<C>,
): readonly GraphQLError[] {
  if (data !== undefined || errors.some((error) => publicErrorOf(error) !== undefined)) return errors
  const faults = findVariableFaults(schema, operation, params.variables)
  return faults.length > 0 ? faults : errors
}

function toAnswer(result: ExecutionResult, shown: readonly GraphQLError[], { exchange }: Ready): Answer {
  const errors = shown.map((error) => formatError(error, exchange.requestId))
  noteCodes(exchange.outcome, errors)
  const body = JSON.stringify({ errors: errors.length > 0 ? errors : undefined, data: result.data })
  if (result.data !== undefined) return { status: 200, type: exchange.answerType, body }
  const first = publicErrorOf(shown[0]) ?? new InternalError()
  const headers: Record<string, string> =
    first.code === 'UNAUTHENTICATED' ? { 'www-authenticate': 'Bearer' } : {}
  return { status: statusOf(first), type: exchange.answerType, body, headers }
}

/** Pre-flight, execution within its time, audit, answer. */
export async function runOperation<C extends object>(ready: Ready, options: RunOptions<C>): Promise<Answer> {
  const { server, report } = options
  const { exchange, principal, operation } = ready
  const facts = factsOf(exchange, operation.name?.value ?? null)
  const context = server.makeContext(facts, principal)
  const result = preflight(ready, context, server) ?? (await execute(ready, facts, context, options))
  const errors = describeErrors(result, ready, server)
  for (const error of errors) {
    if (isFault(error)) report(exchange.requestId, originalOf(error))
  }
  await passAudit(context, server)
  return toAnswer(result, errors, ready)
}

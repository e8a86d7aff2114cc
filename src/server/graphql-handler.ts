import { OperationTypeNode, type OperationDefinitionNode } from 'graphql'
import { BadUserInput, Forbidden } from '../errors.ts'
import type { Principal } from '../domain/principal.ts'
import type { Answer } from './answer.ts'
import { CardNumberFound, refuseInParams } from './card-number-guard.ts'
import { requirePreflight } from './cors.ts'
import { limitOperation } from './document-limits.ts'
import type { Documents, PreparedDocument } from './documents.ts'
import type { Exchange } from './exchange.ts'
import { paramsOfBody, paramsOfSearch, type GraphQLParams } from './graphql-params.ts'
import { chooseAnswerType } from './media-type.ts'
import type { ServerOptions } from './options.ts'
import { readBody } from './read-body.ts'
import { HttpRefusal } from './refusal.ts'
import { authorizationOf } from './request-facts.ts'
import type { Ready } from './run-operation.ts'

type Run = (ready: Ready) => Promise<Answer>

function operationNamed(
  operations: readonly OperationDefinitionNode[],
  name: string | null,
): OperationDefinitionNode {
  const fits = name === null ? operations : operations.filter((operation) => operation.name?.value === name)
  const [operation, another] = fits
  if (operation === undefined) throw new BadUserInput('The document has no such operation.')
  if (another !== undefined)
    throw new BadUserInput('"operationName" must say which of the operations to run.')
  return operation
}

function chooseOperation(
  prepared: PreparedDocument,
  params: GraphQLParams,
  exchange: Exchange,
): OperationDefinitionNode {
  const chosen = operationNamed(prepared.operations, params.operationName)
  exchange.outcome.operationType = chosen.operation
  exchange.outcome.operationName = chosen.name?.value ?? null
  if (chosen.operation === OperationTypeNode.SUBSCRIPTION)
    throw new BadUserInput('Subscriptions are not served.')
  if (exchange.request.method === 'GET' && chosen.operation !== OperationTypeNode.QUERY) {
    throw new HttpRefusal(405, 'A GET may only query.', { headers: { allow: 'POST' } })
  }
  return chosen
}

/** Introspection may be off for everyone but those who may use the Playground, which needs it. */
function refuseIntrospection<C extends object>(
  { introspects }: PreparedDocument,
  principal: Principal | null,
  options: ServerOptions<C>,
): void {
  if (!introspects || options.introspection || options.playground?.allow(principal) === true) return
  throw new Forbidden('Introspection is turned off on this server.')
}

function receive<C extends object>(exchange: Exchange, options: ServerOptions<C>): Promise<string> | string {
  if (exchange.request.method === 'POST') return readBody(exchange.request, options.limits.bodyBytes)
  requirePreflight(exchange)
  return ''
}

/**
 * What happens to a request, in this order, until its operation may run. Each step refuses by throwing, and
 * none does more work for a caller than the ones before it have earned.
 */
export function createGraphQLHandler<C extends object>(
  options: ServerOptions<C>,
  documents: Documents,
  run: Run,
): (exchange: Exchange) => Promise<Answer> {
  return async (exchange) => {
    exchange.answerType = chooseAnswerType(exchange.request.headers.accept)
    const body = await receive(exchange, options)
    if (options.containsCardNumber(body)) throw new CardNumberFound('body')
    const principal = await options.authenticate(authorizationOf(exchange))
    const params = exchange.request.method === 'POST' ? paramsOfBody(body) : paramsOfSearch(exchange.search)
    refuseInParams(params, body, options)
    const prepared = documents.prepare(params.query)
    const operation = chooseOperation(prepared, params, exchange)
    if (prepared.sizedByVariable) {
      limitOperation(options.schema, prepared.document, operation, params.variables, options.limits)
    }
    refuseIntrospection(prepared, principal, options)
    return run({ exchange, principal, params, document: prepared.document, operation })
  }
}

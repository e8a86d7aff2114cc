import { NotFound } from '../errors.ts'
import { jsonAnswer, type Answer } from './answer.ts'
import { answerPreflight, corsHeaders } from './cors.ts'
import type { Exchange } from './exchange.ts'
import { prefersHtml } from './media-type.ts'
import type { Metrics } from './metrics.ts'
import type { Playground } from './playground.ts'
import { HttpRefusal } from './refusal.ts'

export type Handler = (exchange: Exchange) => Answer | Promise<Answer>

type Methods = Readonly<Partial<Record<string, Handler>>>

export interface RouteOptions {
  readonly graphql: Handler
  readonly readiness: Handler
  readonly metrics: Metrics | null
  readonly playground: Playground | null
  readonly allowedOrigins: ReadonlySet<string>
}

function serveMetrics(metrics: Metrics): Handler {
  return async () => {
    const { type, text } = await metrics.read()
    return { status: 200, type, body: text }
  }
}

function graphqlMethods({ graphql, playground, allowedOrigins }: RouteOptions): Methods {
  const query: Handler = (exchange) => {
    const wantsPage = playground !== null && prefersHtml(exchange.request.headers.accept)
    return wantsPage ? playground.page(exchange) : graphql(exchange)
  }
  return { GET: query, POST: graphql, OPTIONS: (exchange) => answerPreflight(exchange, allowedOrigins) }
}

function table(options: RouteOptions): ReadonlyMap<string, Methods> {
  const { readiness, metrics, playground } = options
  const alive: Handler = () => jsonAnswer(200, { status: 'alive' })
  const routes = new Map<string, Methods>([
    ['/graphql', graphqlMethods(options)],
    ['/healthz', { GET: alive, HEAD: alive }],
    ['/readyz', { GET: readiness, HEAD: readiness }],
  ])
  if (metrics !== null) routes.set('/metrics', { GET: serveMetrics(metrics) })
  if (playground !== null) {
    routes.set('/playground/identities', { GET: playground.identities })
    routes.set('/playground/token', { POST: playground.token })
  }
  return routes
}

/** Finds what answers a path and method; what is not in the table is 404 or 405. */
export function createRouter(options: RouteOptions): (exchange: Exchange) => Handler {
  const routes = table(options)
  const assets: Methods | undefined =
    options.playground === null ? undefined : { GET: options.playground.asset }
  return ({ request, path }) => {
    const methods = routes.get(path) ?? (path.startsWith('/playground/') ? assets : undefined)
    if (methods === undefined) throw new NotFound('path')
    const handler = methods[request.method ?? '']
    if (handler !== undefined && Object.hasOwn(methods, request.method ?? '')) return handler
    throw new HttpRefusal(405, 'This path does not take that method.', {
      headers: { allow: Object.keys(methods).join(', ') },
    })
  }
}

/** Adds to an answer of `/graphql`, an error's too, what a page of an allowed origin needs to read it. */
export function withCors(answer: Answer, exchange: Exchange, allowedOrigins: ReadonlySet<string>): Answer {
  if (exchange.path !== '/graphql' || allowedOrigins.size === 0) return answer
  return { ...answer, headers: { ...answer.headers, ...corsHeaders(exchange, allowedOrigins) } }
}

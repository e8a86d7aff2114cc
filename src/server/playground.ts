import { BadUserInput, Forbidden, NotFound, Unauthenticated } from '../errors.ts'
import { jsonAnswer, type Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'
import { isJsonObject, parseJson } from './json-input.ts'
import type { PlaygroundOptions, ServerOptions } from './options.ts'
import { loadPlaygroundFiles } from './playground-files.ts'
import { readBody } from './read-body.ts'
import { authorizationOf } from './request-facts.ts'

const ASSETS = '/playground/'
const MAX_BODY = 1024

/** The GraphQL IDE and, in development, the identities that it may act as. */
export interface Playground {
  readonly page: (exchange: Exchange) => Promise<Answer>
  readonly asset: (exchange: Exchange) => Promise<Answer>
  readonly identities: (exchange: Exchange) => Promise<Answer>
  readonly token: (exchange: Exchange) => Promise<Answer>
}

type Surroundings = Pick<ServerOptions<object>, 'authenticate' | 'allowedOrigins'>

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

/**
 * Refuses pages of other origins, and pages that reach us by a name of their own (DNS rebinding): a
 * development token is for a page that we served. What is no browser sends neither header.
 */
function requireOwnPage({ request }: Exchange, allowedOrigins: readonly string[]): void {
  const { host = '', origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const ownHost = LOOPBACK.test(host) || allowedOrigins.some((allowed) => URL.parse(allowed)?.host === host)
  const ownOrigin = origin === undefined || URL.parse(origin)?.host === host
  if (!ownHost || !ownOrigin || (site !== undefined && site !== 'same-origin')) {
    throw new Forbidden('Only the Playground of this server may ask for this.')
  }
}

async function readRole({ request }: Exchange): Promise<string> {
  const body = parseJson(await readBody(request, MAX_BODY))
  const role = isJsonObject(body) ? body['role'] : undefined
  if (typeof role !== 'string') throw new BadUserInput('"role" must be a string.')
  return role
}

async function issue(
  exchange: Exchange,
  options: PlaygroundOptions,
  allowedOrigins: readonly string[],
): Promise<Answer> {
  if (options.identities.length === 0) throw new NotFound('path')
  requireOwnPage(exchange, allowedOrigins)
  const role = await readRole(exchange)
  if (!options.identities.some((identity) => identity.role === role)) throw new NotFound('identity')
  const token = await options.issueToken(role)
  if (token === null) throw new NotFound('identity')
  return jsonAnswer(200, { token })
}

export async function createPlayground(
  options: PlaygroundOptions,
  around: Surroundings,
): Promise<Playground> {
  const files = await loadPlaygroundFiles(options.directory)
  const admit = async (exchange: Exchange): Promise<void> => {
    const principal = await around.authenticate(authorizationOf(exchange))
    if (options.allow(principal)) return
    throw principal === null ? new Unauthenticated() : new Forbidden()
  }
  const file = (name: string): Answer => {
    const found = files.get(name)
    if (found === undefined) throw new NotFound('path')
    return found
  }
  const identities = options.identities.map(({ role, label }) => ({ role, label }))
  return {
    page: (exchange) => admit(exchange).then(() => file('index.html')),
    asset: (exchange) => admit(exchange).then(() => file(exchange.path.slice(ASSETS.length))),
    identities: (exchange) => admit(exchange).then(() => jsonAnswer(200, { identities })),
    token: (exchange) => issue(exchange, options, around.allowedOrigins),
  }
}

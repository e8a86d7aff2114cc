import type { ClientTokenClaims } from './client-token.ts'
import type { Faults } from './faults.ts'
import type { RequestLog } from './request-log.ts'
import type { Store } from './store.ts'

/** What every route works on. */
export interface Sandbox {
  readonly store: Store
  readonly secretKey: string
  readonly faults: Faults
  readonly log: RequestLog
  /** The sandbox's clock, in milliseconds since the epoch. */
  readonly now: () => number
  /** The sandbox's own origin, as browsers see it. */
  readonly ownOrigin: () => string
}

/** One request, as its route sees it. */
export interface Call {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The parsed JSON; undefined when the method has none. */
  readonly body: unknown
  readonly idempotencyKey: string | null
  /** What the client token says, on routes for browsers. */
  readonly claims: ClientTokenClaims | null
}

export interface Reply {
  readonly status: number
  /** An object is sent as JSON, a text or bytes as they are with `type`. */
  readonly body: unknown
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  /** For the log: what became of it. */
  readonly outcome?: string
  readonly replayed?: boolean
  /** Carried out, and never answered. */
  readonly withheld?: boolean
}

/**
 * SERVER: the secret key, and subject to planned faults. CONTROL: the secret key. BROWSER: a client token, from
 * the origins that it names. PUBLIC: nothing.
 */
export type Access = 'SERVER' | 'CONTROL' | 'BROWSER' | 'PUBLIC'

export interface Route {
  /** `POST /payments/:reference/captures`. */
  readonly name: string
  readonly access: Access
  run(sandbox: Sandbox, call: Call): Reply
}

export const json = (body: unknown, status = 200): Reply => ({ status, body })

export type Found =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The methods of a path that exists; empty when it does not. */
  | { readonly route: null; readonly methods: readonly string[] }

/** A part of a path; empty, which nothing matches, when it is not encoded properly. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const expected = pattern.split('/')
  const given = path.split('/')
  if (expected.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of expected.entries()) {
    const text = decoded(given[index] ?? '')
    if (part.startsWith(':') && text !== '') params[part.slice(1)] = text
    else if (part !== text) return null
  }
  return params
}

/** The route of a request. */
export function findRoute(routes: readonly Route[], method: string, path: string): Found {
  const methods: string[] = []
  for (const route of routes) {
    const [routeMethod = '', pattern = ''] = route.name.split(' ')
    const params = matchPath(pattern, path)
    if (params === null) continue
    if (routeMethod === method) return { route, params }
    methods.push(routeMethod)
  }
  return { route: null, methods }
}

import type { DocumentNode, GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import type { Principal, Role } from '../domain/principal.ts'

/** What a context may be made from: checked facts of one request, never the request itself. */
export interface RequestFacts {
  readonly requestId: string
  /** The name of the operation that will run, as its document gives it. */
  readonly operationName: string | null
  /** Why protected data is opened (`X-Access-Reason`): printable, 200 characters at most. */
  readonly reason: string | null
  /** `Idempotency-Key`: 255 visible ASCII characters at most. */
  readonly idempotencyKey: string | null
  /** Aborted when the caller hangs up or the request takes too long. Made when first read. */
  readonly signal: AbortSignal
}

/** Something that the caller's roles do not reach: a schema coordinate and its response path, joined by dots. */
export interface Refusal {
  readonly coordinate: string
  readonly path: string
}

/** Where in a request a card number was found. */
export type CardNumberPlace = 'url' | 'header' | 'body' | 'variables' | 'document'

export interface AuditHooks<C> {
  /** A mutation is refused whole, before it runs. */
  refused(context: C, refusals: readonly Refusal[]): void
  /** A card number was sent. The promise settles when that is stored. */
  cardNumberRefused(where: {
    readonly requestId: string
    readonly place: CardNumberPlace
  }): Promise<void> | undefined
  /** A token was not accepted. The promise settles when that is stored. */
  authenticationFailed(where: { readonly requestId: string }): Promise<void> | undefined
  /**
   * Stores what the request opened and what it was refused. Until it settles nothing is sent, and when it
   * rejects the answer holds no data. Undefined when there is nothing to store.
   */
  beforeAnswer(context: C): Promise<void> | undefined
}

export interface Limits {
  readonly bodyBytes: number
  readonly tokens: number
  /** Fields within fields. */
  readonly depth: number
  /** Aliases, and fields that a selection names again. */
  readonly aliases: number
  readonly directives: number
  /** Selections, each times the sizes of the lists around it. */
  readonly cost: number
  /** How long an operation may run. */
  readonly requestMs: number
  /** How long the audit may take to store an event. */
  readonly auditMs: number
  /** How long a request may take to arrive; 15 s when left out. */
  readonly receiveMs?: number
  /** How long one check of `/readyz` may take; 2 s when left out. */
  readonly readinessMs?: number
}

/** The GraphQL IDE: static files built beforehand, and in development the identities that it can act as. */
export interface PlaygroundOptions {
  /** Holds `index.html` and its assets. */
  readonly directory: string
  /** Listed at `/playground/identities`; none outside development. */
  readonly identities: readonly { readonly role: string; readonly label: string }[]
  /** A development token; null when the role has no identity. */
  issueToken(role: string): Promise<string> | string | null
  allow(principal: Principal | null): boolean
}

export interface Preflight {
  readonly document: DocumentNode
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
  readonly roles: ReadonlySet<Role>
}

export interface ServerOptions<C extends object> {
  /** Already protected by the directives. */
  readonly schema: GraphQLSchema
  /**
   * The principal of an `Authorization` header; null without one. Throws `Unauthenticated`. Synchronous
   * for a token that it remembers.
   */
  authenticate(authorization: string | undefined): Principal | null | Promise<Principal | null>
  /** Resolvers get a shallow copy (Apollo makes it): what changes during a request belongs in an object inside. */
  makeContext(facts: RequestFacts, principal: Principal | null): C
  /** What the roles do not reach in an operation that is about to run. */
  authorise(request: Preflight): readonly Refusal[]
  readonly audit: AuditHooks<C>
  readonly containsCardNumber: (text: string) => boolean
  /** The same for strings and numbers anywhere in a JSON value of bounded depth. */
  readonly containsCardNumberIn: (value: unknown) => boolean
  readonly limits: Limits
  readonly introspection: boolean
  /** Whether errors keep to themselves which fields, arguments and types exist. */
  readonly hideSuggestions: boolean
  readonly playground: PlaygroundOptions | null
  /** By name, what must answer for this process to be ready. */
  readonly readiness: Readonly<Record<string, () => Promise<void>>>
  readonly log: Pick<Logger, 'info' | 'error'>
  /** Origins whose pages may call the API. */
  readonly allowedOrigins: readonly string[]
  /** Whether callers come over TLS, so that HSTS may be said. */
  readonly hsts: boolean
  /** Whether `/metrics` is served. */
  readonly metrics: boolean
}

export interface SealpayServer {
  /** Port 0 takes a free one. Rejects when the port is taken. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly url: string }>
  /**
   * Tells callers that their connections end, then stops accepting; running requests have `graceMs` to finish
   * before they are cut.
   */
  close(grace: { readonly graceMs: number }): Promise<void>
}

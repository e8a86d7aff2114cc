/** Who may do what. The same names as `enum Role` in schema/directives.graphql; a test compares them. */
export const ROLES = [
  'CUSTOMER',
  'SUPPORT',
  'FINANCE',
  'ADMIN',
  'AUDITOR',
  'KEY_CUSTODIAN',
  'SERVICE',
] as const

export type Role = (typeof ROLES)[number]

/** The authenticated caller. */
export interface Principal {
  /** Stable and unique at the issuer (`sub`), or the certificate's name. Written to the audit. */
  readonly id: string
  readonly roles: ReadonlySet<Role>
  /** The customer that this principal is, when it has the CUSTOMER role: the row's id. */
  readonly customerId: string | null
}

/** A principal in a request: what every use case of the domain is called with. */
export interface Caller {
  readonly principal: Principal
  readonly requestId: string
  readonly operationName: string | null
  /** Why protected data is opened, as the caller stated it (`X-Access-Reason`). */
  readonly reason: string | null
}

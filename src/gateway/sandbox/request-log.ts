/** One request as the sandbox remembers it: nothing of a body, a token, a card or a key is in it. */
export interface LoggedRequest {
  readonly at: string
  readonly method: string
  /** The route, with names in place of what was in the path. */
  readonly path: string
  readonly idempotencyKey: string | null
  /** A result (`APPROVED`, `DECLINED`, `REJECTED`), an error's code, `OK`, or `NO_ANSWER`. */
  readonly outcome: string
  /** The idempotency key was known, and the first answer was given again. */
  readonly replayed: boolean
}

const MOST_ENTRIES = 10_000

export interface RequestLog {
  add(entry: LoggedRequest): void
  entries(): readonly LoggedRequest[]
}

/** The last ten thousand requests of servers and browsers, in memory; what a test asks for itself is not among them. */
export function createRequestLog(): RequestLog {
  const entries: LoggedRequest[] = []
  return {
    add(entry) {
      entries.push(entry)
      if (entries.length > MOST_ENTRIES) entries.shift()
    },
    entries: () => entries,
  }
}

import type { Fetcher, FetcherParams } from '@graphiql/toolkit'
import { fetchToken, request } from './identities.ts'

/** All requests of one identity, and its token, until it ends. */
export interface Session {
  /** Null: no one, or whoever the Authorization header in the headers editor says. */
  readonly role: string | null
  readonly fetcher: Fetcher
  /** Aborts what is running and drops the token. Nothing is sent afterwards. */
  end(): void
}

const ONE_IDENTITY =
  'The Playground holds one identity at a time. Remove the Authorization header, or act as no one.'

function post(params: FetcherParams, headers: Headers, signal: AbortSignal): Promise<Response> {
  headers.set('content-type', 'application/json')
  headers.set('accept', 'application/graphql-response+json, application/json;q=0.9')
  return request('/graphql', { method: 'POST', headers, body: JSON.stringify(params), signal })
}

/** Starts acting as someone. The token is fetched with the first request, and again when it has expired. */
export function createSession(role: string | null): Session {
  const ending = new AbortController()
  let token: Promise<string> | null = null

  async function authorise(headers: Headers): Promise<void> {
    if (role === null) return
    if (headers.has('authorization')) throw new Error(ONE_IDENTITY)
    token ??= fetchToken(role, ending.signal)
    headers.set('authorization', `Bearer ${await token}`)
  }
  async function send(params: FetcherParams, given: Record<string, string>): Promise<Response> {
    const headers = new Headers(given)
    try {
      await authorise(headers)
    } catch (error) {
      token = null
      throw error
    }
    return post(params, headers, ending.signal)
  }
  const fetcher: Fetcher = async (params, options) => {
    const given = (options?.headers ?? {}) as Record<string, string>
    let response = await send(params, given)
    if (response.status === 401 && role !== null) {
      // Refused before anything ran, so that even a mutation may be sent again.
      token = null
      response = await send(params, given)
    }
    return (await response.json()) as Awaited<ReturnType<Fetcher>>
  }
  function end(): void {
    ending.abort()
    token = null
  }
  return { role, fetcher, end }
}

/** Someone whom the server lets the Playground act as. */
export interface Identity {
  readonly role: string
  readonly label: string
}

/** Nothing is sent along but what is written here, and nothing is kept. */
const GUARDED: RequestInit = {
  credentials: 'omit',
  cache: 'no-store',
  redirect: 'error',
  referrerPolicy: 'no-referrer',
}

export const request = (path: string, init: RequestInit) => fetch(path, { ...init, ...GUARDED })

/** Whom one may act as. Empty in production: there one brings a token of one's own. */
export async function fetchIdentities(): Promise<readonly Identity[]> {
  const response = await request('/playground/identities', {})
  if (!response.ok) return []
  const { identities } = (await response.json()) as { identities: readonly Identity[] }
  return identities
}

/** A short-lived token to act with. @throws when the server gives none */
export async function fetchToken(role: string, signal: AbortSignal): Promise<string> {
  const response = await request('/playground/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role }),
    signal,
  })
  if (!response.ok) throw new Error(`The server gives no token for ${role}.`)
  const { token } = (await response.json()) as { token: string }
  return token
}

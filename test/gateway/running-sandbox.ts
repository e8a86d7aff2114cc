/** A sandbox gateway of a test's own, on a real socket, and what a browser, a server and a test do with it. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { LoggedRequest } from '../../src/gateway/sandbox/request-log.ts'
import { startSandbox, type SandboxOptions } from '../../src/gateway/sandbox/server.ts'

/** All that an answer of the sandbox may hold. */
export interface AnswerBody {
  readonly error?: { readonly code: string; readonly message: string }
  readonly clientToken?: string
  readonly token?: string
  readonly card?: Readonly<Record<string, unknown>>
  readonly result?: string
  readonly reference?: string
  readonly responseCode?: string
  readonly state?: string
  readonly settled?: number
  readonly method?: { readonly token: string } | null
  readonly requests?: readonly LoggedRequest[]
  readonly testCards?: readonly Readonly<Record<string, string>>[]
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: AnswerBody
}

type Fields = Readonly<Record<string, string>>

export const SHOP = 'https://shop.example'
export const DAY_SECONDS = 86_400

export const card = (number = '4242424242424242') => ({
  number,
  expirationMonth: 12,
  expirationYear: 2090,
  cvv: /^3[47]/.test(number) ? '1234' : '123',
  cardholderName: 'Alex Morgan',
})

export const usd = (minor: number | string) => ({ minor: String(minor), currencyCode: 'USD' })

async function send(url: string, method: string, body: unknown, headers: Fields): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as AnswerBody) : {},
  }
}

export type RunningTestSandbox = Awaited<ReturnType<typeof startTestSandbox>>

export async function startTestSandbox(options: Partial<SandboxOptions> = {}) {
  const secretKey = options.secretKey ?? `sk_${randomBytes(24).toString('base64url')}`
  const running = await startSandbox({ host: '127.0.0.1', port: 0, storeFile: null, ...options, secretKey })
  const { url } = running
  const asServer: Fields = { authorization: `Bearer ${secretKey}` }
  const post = (path: string, body: unknown, headers: Fields = {}) =>
    send(`${url}${path}`, 'POST', body, { ...asServer, ...headers })
  const move = (path: string, body: unknown, key: string = randomUUID()) =>
    post(path, body, { 'idempotency-key': key })
  const get = (path: string, headers: Fields = asServer) => send(`${url}${path}`, 'GET', undefined, headers)
  const clientToken = async (domains: readonly string[] = [SHOP], customerReference: string | null = null) =>
    (await post('/client-tokens', { domains, customerReference })).body.clientToken ?? ''
  const tokenise = async (body: unknown, headers: Fields = {}, as?: string) => {
    const authorization = `Bearer ${as ?? (await clientToken())}`
    return send(`${url}/tokens`, 'POST', body, { authorization, ...headers })
  }
  /** A single-use token of a test card, by the card's id. */
  const token = async (cardId = 'visa') => (await post('/test/tokens', { card: cardId })).body.token ?? ''
  const pay = async (minor: number, { capture = true, cardId = 'visa', key = `key-${randomUUID()}` } = {}) =>
    move('/payments', { token: await token(cardId), amount: usd(minor), capture, orderId: null }, key)
  return { ...running, secretKey, post, move, get, clientToken, tokenise, token, pay, send }
}

/** What a browser does at the sandbox gateway, and what the sandbox says of itself. */
import { createSandboxGateway } from '../../src/gateway/sandbox.ts'

export interface TestCard {
  readonly number: string
  readonly cardholderName?: string
  readonly billingAddress?: Readonly<Record<string, string>>
}

export interface TestSandbox {
  readonly url: string
  /** A single-use token for a card, by the way that a browser takes. */
  tokenise(card: TestCard): Promise<string>
  /** The requests that the sandbox received, by name. */
  requests(): Promise<readonly string[]>
  /** A call of the control side: its clock, faults and processor. */
  control(path: string, body: unknown): Promise<void>
}

export function openSandbox(url: string, secretKey: string): TestSandbox {
  const gateway = createSandboxGateway({ url, secretKey, timeoutMs: 5000 })
  const post = async (path: string, token: string, body: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
    return JSON.parse(text) as Record<string, unknown>
  }
  return {
    url,
    async tokenise(card) {
      const clientToken = await gateway.createClientToken({ customerReference: null, domains: [] })
      const expirationYear = new Date().getUTCFullYear() + 3
      const body = { expirationMonth: 12, expirationYear, cvv: '123', ...card }
      return String((await post('/tokens', clientToken, body))['token'])
    },
    async requests() {
      const response = await fetch(`${url}/log`, { headers: { authorization: `Bearer ${secretKey}` } })
      const { requests } = (await response.json()) as {
        readonly requests: readonly { readonly method: string; readonly path: string }[]
      }
      return requests.map(({ method, path }) => `${method} ${path}`)
    },
    control: async (path, body) => {
      await post(path, secretKey, body)
    },
  }
}

/** What the demo asks of the sandbox beyond the gateway port: tokens of test cards by name, and the passing of time. */
import { z } from 'zod'
import type { DemoSandbox } from '../../domain/demo/stage.ts'

const Token = z.object({ token: z.string().min(1) })

export function openDemoSandbox({ url, secretKey }: { url: string; secretKey: string }): DemoSandbox {
  const post = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secretKey}` },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${path}.`)
    return response.json()
  }
  return {
    tokenise: async (request) => Token.parse(await post('/test/tokens', request)).token,
    async advance(reference, state) {
      if (state === 'AUTHORIZATION_EXPIRED') await post('/test/expire', { reference })
      else await post('/test/settle', { reference, state })
    },
  }
}

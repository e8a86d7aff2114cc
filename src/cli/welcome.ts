/** What a developer reads after `start --dev`: where everything is, and how to try it. */
import { demoIdentities } from '../auth/demo-identities.ts'
import type { Config } from '../config.ts'
import type { DevEnvironment } from './dev-environment.ts'

const TOKEN_SECONDS = 43_200

const QUERY = '{ search { customers(input: {}, first: 3) { edges { node { firstName lastName email } } } } }'

export interface Welcome {
  readonly facts: {
    readonly api: string
    readonly playground: string | null
    readonly sandbox: string
    readonly tokens: Readonly<Record<string, string>>
  }
  readonly text: string
}

export async function welcome(
  url: string,
  config: Config,
  { issuer, sandboxUrl }: Pick<DevEnvironment, 'issuer' | 'sandboxUrl'>,
): Promise<Welcome> {
  const issued = demoIdentities.map(async (identity) => {
    const request = { ...identity, roles: [identity.role], expiresInSeconds: TOKEN_SECONDS }
    return [identity.role, await issuer.issueToken(request)] as const
  })
  const tokens = Object.fromEntries(await Promise.all(issued))
  const api = `${url}/graphql`
  const facts = { api, playground: config.SEALPAY_PLAYGROUND ? api : null, sandbox: sandboxUrl, tokens }
  return { facts, text: textOf(facts) }
}

function textOf({ api, playground, sandbox, tokens }: Welcome['facts']): string {
  const wide = Math.max(...Object.keys(tokens).map((role) => role.length))
  return [
    '',
    'Sealpay is running.',
    '',
    `  API         ${api}`,
    ...(playground === null ? [] : [`  Playground  ${playground}  (open it in a browser)`]),
    `  Sandbox     ${sandbox}  (the payment gateway: card numbers go here, and not to the API)`,
    '',
    `Development tokens, good for ${TOKEN_SECONDS / 3600} hours (sealpay token makes others):`,
    '',
    ...Object.entries(tokens).map(([role, token]) => `  ${role.padEnd(wide)}  ${token}`),
    '',
    'The same customers as SUPPORT sees them, masked; with the token of ADMIN they are in clear:',
    '',
    `  ${curlOf(api, tokens['SUPPORT'] ?? '')}`,
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n')
}

function curlOf(api: string, token: string): string {
  const body = JSON.stringify({ query: QUERY })
  return `curl -s ${api} -H 'content-type: application/json' -H 'authorization: Bearer ${token}' -d '${body}'`
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readClientToken } from './client-token.ts'
import { renderHostedFields } from './hosted-fields.ts'
import { targetOrigin } from './origins.ts'
import { json, type Call, type Reply, type Route, type Sandbox } from './route.ts'
import { SandboxError } from './sandbox-error.ts'
import { testCards } from './test-cards.ts'
import { tokeniseCard } from './tokenise.ts'

/** From `src/` and from `dist/` alike: what browsers get is not compiled. */
const ASSETS = join(import.meta.dirname, '../../../src/gateway/sandbox/assets')

function tokenise({ store, now }: Sandbox, { body, claims }: Call): Reply {
  const { fingerprintKey } = store
  const customerReference = claims?.customerReference ?? null
  const method = tokeniseCard(body, { fingerprintKey, nowMs: now(), customerReference })
  store.write(method)
  const { brandCode, last4, bin, expirationMonth, expirationYear } = method.card
  return json({ token: method.id, card: { brandCode, last4, bin, expirationMonth, expirationYear } }, 201)
}

function hostedFields({ secretKey, now }: Sandbox, { query }: Call): Reply {
  const clientToken = query.get('clientToken') ?? ''
  const { domains } = readClientToken(secretKey, clientToken, now())
  const origin = targetOrigin(domains, query.get('origin'))
  if (origin === null) {
    throw new SandboxError(403, 'origin_not_allowed', 'The client token does not name this origin.')
  }
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    body: renderHostedFields({ clientToken, targetOrigin: origin }),
    headers: {
      'content-security-policy': [
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
        `form-action 'none'; base-uri 'none'; frame-ancestors ${origin}`,
      ].join('; '),
    },
  }
}

function asset(file: string, type: string): Route {
  const body = readFileSync(join(ASSETS, file))
  return {
    name: `GET /${file}`,
    access: 'PUBLIC',
    run: () => ({ status: 200, body, type, headers: { 'cross-origin-resource-policy': 'same-origin' } }),
  }
}

/** What browsers use: the only way by which a card number enters. */
export function browserRoutes(): readonly Route[] {
  return [
    { name: 'POST /tokens', access: 'BROWSER', run: tokenise },
    { name: 'GET /hosted-fields', access: 'PUBLIC', run: hostedFields },
    asset('hosted-fields.js', 'text/javascript; charset=utf-8'),
    asset('hosted-fields.css', 'text/css; charset=utf-8'),
    {
      name: 'GET /test-cards',
      access: 'PUBLIC',
      run: () =>
        json({
          testCards: testCards.map(({ id, number, brandCode, meaning }) => ({
            id,
            number,
            brandCode,
            meaning,
          })),
        }),
    },
    { name: 'GET /health', access: 'PUBLIC', run: () => json({ status: 'ok' }) },
  ]
}

import { areOrigins } from './origins.ts'
import { issueClientToken } from './client-token.ts'
import { choiceOf, integerOf, objectOf, optionalTextOf, textOf } from './fields.ts'
import { json, type Call, type Route, type Sandbox } from './route.ts'
import { SandboxError } from './sandbox-error.ts'
import { SETTLEMENT_STATES, expire, settle, settleAll } from './settlement.ts'
import { tokeniseTestCard } from './tokenise.ts'

const MOST_DOMAINS = 20
const MOST_DAYS_AHEAD = 3_650
const DAY_MS = 86_400_000

function clientToken({ secretKey, now }: Sandbox, { body }: Call) {
  const fields = objectOf(body, 'The request', ['customerReference', 'domains'])
  const { domains } = fields
  const isList = Array.isArray(domains) && domains.length <= MOST_DOMAINS
  if (!isList || !domains.every((domain) => typeof domain === 'string') || !areOrigins(domains)) {
    throw new SandboxError(
      400,
      'invalid_request',
      `\`domains\` must be a list of at most ${MOST_DOMAINS} origins, such as https://shop.example.`,
    )
  }
  const customerReference = optionalTextOf(fields, 'customerReference')
  return json({ clientToken: issueClientToken(secretKey, { customerReference, domains }, now()) })
}

function advance({ store }: Sandbox, { body }: Call) {
  const fields = objectOf(body, 'The request', ['seconds'])
  const seconds = integerOf(fields, 'seconds', 1, MOST_DAYS_AHEAD * 86_400)
  const aheadMs = store.clockAheadMs + seconds * 1000
  if (aheadMs > MOST_DAYS_AHEAD * DAY_MS) {
    throw new SandboxError(409, 'invalid_state', 'The clock is ten years ahead already.')
  }
  store.write({ kind: 'clock', id: 'clock', aheadMs })
  return json({ aheadSeconds: aheadMs / 1000 })
}

function settleOneOrAll({ store, now }: Sandbox, { body }: Call) {
  const fields = objectOf(body, 'The request', ['reference', 'state'])
  if (fields['reference'] == null) return json({ settled: settleAll(store, now()) })
  const state = fields['state'] == null ? 'SETTLED' : choiceOf(fields, 'state', SETTLEMENT_STATES)
  settle(store, textOf(fields, 'reference'), state, now())
  return json({ settled: 1 })
}

const referenceIn = ({ body }: Call) => textOf(objectOf(body, 'The request', ['reference']), 'reference')

const control = (name: string, run: Route['run']): Route => ({ name, access: 'CONTROL', run })

/** What a test or a demonstration does to the sandbox from outside: its clock, its faults, its processor. */
export const controlRoutes: readonly Route[] = [
  { name: 'POST /client-tokens', access: 'SERVER', run: clientToken },
  control('GET /log', ({ log }) => json({ requests: log.entries() })),
  control('POST /test/tokens', (sandbox, { body }) => {
    const { store, now } = sandbox
    const { fingerprintKey } = store
    const method = tokeniseTestCard(body, { fingerprintKey, nowMs: now(), customerReference: null })
    store.write(method)
    return json({ token: method.id }, 201)
  }),
  control('POST /test/settle', settleOneOrAll),
  control('POST /test/decline-settlement', ({ store, now }, call) => {
    settle(store, referenceIn(call), 'SETTLEMENT_DECLINED', now())
    return json({ declined: 1 })
  }),
  control('POST /test/expire', ({ store, now }, call) => {
    expire(store, referenceIn(call), now())
    return json({ expired: 1 })
  }),
  control('POST /test/faults', ({ faults }, { body }) => {
    faults.plan(body)
    return json({ planned: true }, 201)
  }),
  control('POST /test/advance', advance),
]

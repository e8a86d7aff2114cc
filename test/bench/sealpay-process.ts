/**
 * Our server as app.ts builds it, over people in memory instead of the domain: the real authenticator on a signed
 * token, roles, masks, the card-number check, limits, request log, metrics and access log.
 * Its one argument says what the masks are made from: `masked` (plain values) or `sealed` (sealed ones).
 * Left out, because the baseline has no database: storing the audit event.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { createAuthenticator, type Authenticator } from '../../src/auth/authenticator.ts'
import { createDevIssuer } from '../../src/auth/dev-issuer.ts'
import { fromFile } from '../../src/auth/key-loaders.ts'
import { createKeySource } from '../../src/auth/key-source.ts'
import { containsCardNumber, containsCardNumberIn } from '../../src/domain/card-number.ts'
import { createAuthoriser } from '../../src/graphql/directives/kit.ts'
import { createServer } from '../../src/server/server.ts'
import { LIMITS } from '../server/test-server.ts'
import { createKeys } from './keys.ts'
import { makePeople } from './people.ts'
import { personBodies } from './person-bodies.ts'
import { maskedSchema, personContext, sealedSchema, type PersonContext } from './person-schema.ts'
import { serveParent } from './processes.ts'

async function openCallers(): Promise<{ authenticator: Authenticator; token: string }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sealpay-bench-'))
  try {
    const issuer = await createDevIssuer({ directory })
    const algorithms = ['ES256'] as const
    const keys = createKeySource({ load: fromFile(issuer.jwksFile), algorithms, onFault: () => undefined })
    await keys.start()
    const authenticator = createAuthenticator({
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms,
      keys,
      rolesClaim: 'roles',
      customerClaim: 'customer_id',
      clockSkewSeconds: 5,
      typ: ['JWT', 'at+jwt'],
      now: Date.now,
      cacheSize: 10_000,
    })
    return { authenticator, token: await issuer.issueToken({ subject: 'bench', roles: ['SUPPORT'] }) }
  } finally {
    await rm(directory, { recursive: true })
  }
}

const people = makePeople()
const keys = await createKeys()
const schema =
  process.argv[2] === 'masked'
    ? maskedSchema(people)
    : await sealedSchema(people, keys.openCipher(), keys.openCipher())
const { authenticator, token } = await openCallers()
const server = await createServer<PersonContext>({
  schema,
  authenticate: (authorization) => authenticator.authenticate(authorization),
  makeContext: (_facts, principal) => personContext(principal),
  authorise: createAuthoriser(schema),
  audit: {
    refused: () => undefined,
    cardNumberRefused: () => undefined,
    authenticationFailed: () => undefined,
    beforeAnswer: ({ access }) => (access.openings.length === 0 ? undefined : Promise.resolve()),
  },
  containsCardNumber,
  containsCardNumberIn,
  limits: LIMITS,
  introspection: false,
  hideSuggestions: true,
  playground: null,
  readiness: {},
  log: pino({ level: 'info' }, pino.destination('/dev/null')),
  allowedOrigins: [],
  hsts: false,
  metrics: true,
})
const { url } = await server.listen({ host: '127.0.0.1', port: 0 })
const headers = { authorization: `Bearer ${token}` }
const startCalls = keys.kmsCalls()
serveParent(
  { url: `${url}/graphql`, headers, bodies: personBodies(people) },
  () => keys.kmsCalls() - startCalls,
)

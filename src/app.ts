/**
 * The composition root: the only file that builds adapters and joins layers, in the order in which they stand on
 * each other: keys, database, gateway, domain, callers, schema, server.
 */
import { join } from 'node:path'
import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { createAuthenticator, type Authenticator } from './auth/authenticator.ts'
import { demoIdentities } from './auth/demo-identities.ts'
import { createDevIssuer } from './auth/dev-issuer.ts'
import { fromFile, fromUrl } from './auth/key-loaders.ts'
import { createKeySource } from './auth/key-source.ts'
import type { Config } from './config.ts'
import type { KeyOperation } from './crypto/data-key.ts'
import { createFieldCipher } from './crypto/field-cipher.ts'
import type { ModelSpec } from './crypto/field-spec.ts'
import { createKeyrings, type Keyrings } from './crypto/keyring.ts'
import { systemActor } from './domain/audit-entry.ts'
import { createAudit, type Audit } from './domain/audit.ts'
import { createAuditQueries } from './domain/audit-search.ts'
import { containsCardNumber, containsCardNumberIn } from './domain/card-number.ts'
import { createCustomers } from './domain/customers.ts'
import { createDataKeys } from './domain/data-keys.ts'
import type { DomainDeps } from './domain/deps.ts'
import { createIdempotency } from './domain/idempotency.ts'
import type { PaymentDeps } from './domain/move-money.ts'
import { createPaymentMethods } from './domain/payment-methods.ts'
import { createPayments } from './domain/payments.ts'
import { createPaymentQueries } from './domain/payment-queries.ts'
import { startRecovery } from './domain/recovery.ts'
import type { Gateway } from './gateway/gateway.ts'
import { createSandboxGateway } from './gateway/sandbox.ts'
import { buildSchema } from './graphql/build-schema.ts'
import { createContext, type Context, type Services } from './graphql/context.ts'
import { authoriseOperation, protectSchema } from './graphql/directives/kit.ts'
import { MODELS, protection } from './graphql/protection.ts'
import { accessAudit } from './graphql/record-access.ts'
import { createLocalKms } from './kms/local.ts'
import type { Limits, PlaygroundOptions, SealpayServer } from './server/options.ts'
import { logFault } from './server/request-log.ts'
import { createServer } from './server/server.ts'
import { createDatabase, createPlainDatabase, type Database, type PlainDatabase } from './storage/client.ts'
import { createDataKeyStore } from './storage/data-keys.ts'
import { sealedMap } from './storage/generated/sealed-map.ts'

/** The running application. */
export interface App {
  /** Where it listens. */
  readonly url: string
  /** Finishes what runs, then lets go of everything. */
  close(): Promise<void>
}

/** The keyrings in use: those of sealed columns, and one for the digests of idempotency. */
const IDEMPOTENCY = 'idempotency'
const columns = Object.values<ModelSpec>(sealedMap).flatMap(({ fields }) => Object.values(fields))
const KEYRINGS: readonly string[] = [...new Set(columns.map(({ keyring }) => keyring)), IDEMPOTENCY]

/** Built by `npm run generate`; beside the sources and beside `dist/` alike. */
const PLAYGROUND_DIRECTORY = join(import.meta.dirname, '../dist/playground')
const PLAYGROUND_TOKEN_SECONDS = 900
const SWEEP_MS = 30_000
const IDEMPOTENCY_WAIT_MS = 5_000

/** Longer than any run that still lives: some calls to the gateway, each to its deadline, and the database's own. */
const abandonedAfter = (config: Config) => 20_000 + 4 * config.SEALPAY_GATEWAY_TIMEOUT_MS

const milliseconds = (seconds: number) => seconds * 1000
const newId = () => uuidv7()

export function openGateway(config: Config): Gateway {
  return createSandboxGateway({
    url: config.SEALPAY_GATEWAY_SANDBOX_URL ?? '',
    secretKey: config.SEALPAY_GATEWAY_SANDBOX_SECRET ?? '',
    timeoutMs: config.SEALPAY_GATEWAY_TIMEOUT_MS,
  })
}

/** A key is used only when its making or unwrapping is on record (design §7). */
function keyOperationRecorder(audit: () => Audit) {
  return ({ operation, keyId, keyring, purpose, reason }: KeyOperation) =>
    audit().record(systemActor('keyring'), {
      kind: 'KEY_OPERATION',
      operation,
      outcome: reason ?? 'SUCCEEDED',
      keyId,
      keyring,
      purpose,
    })
}

interface Storage {
  readonly plain: PlainDatabase
  readonly database: Database
  readonly keyrings: Keyrings
  readonly audit: Audit
}

export async function openStorage(config: Config): Promise<Storage> {
  const { DATABASE_URL: url, SEALPAY_DATABASE_POOL: poolSize } = config
  // Keys have connections of their own: they are asked for while the others are busy with transactions.
  const kms = await createLocalKms({ keyFile: config.SEALPAY_KMS_LOCAL_KEY_FILE ?? '' })
  const plain = createPlainDatabase({ url, poolSize: 2 })
  const keyrings = createKeyrings({
    kms,
    store: createDataKeyStore(plain),
    onKeyOperation: keyOperationRecorder(() => audit),
    now: () => performance.now(),
    maxKeys: config.SEALPAY_KEY_CACHE_SIZE,
    lifetimeMs: milliseconds(config.SEALPAY_KEY_LIFETIME_SECONDS),
    idleMs: milliseconds(config.SEALPAY_KEY_IDLE_SECONDS),
    activeMs: milliseconds(config.SEALPAY_KEY_LIFETIME_SECONDS),
  })
  const database = createDatabase({ url, poolSize, cipher: createFieldCipher(keyrings), containsCardNumber })
  const deadlineMs = config.SEALPAY_AUDIT_DEADLINE_MS
  const audit = createAudit({ database, now: () => new Date(), newId, deadlineMs })
  return { plain, database, keyrings, audit }
}

/** The use cases and what they stand on, with no server around them. */
export function openDomain(config: Config, { database, keyrings, audit }: Storage, gateway: Gateway) {
  const basics = { database, now: () => new Date(), newId }
  const idempotency = createIdempotency({
    ...basics,
    digest: async (label, parts) => {
      await keyrings.ready([IDEMPOTENCY])
      return keyrings.digest(IDEMPOTENCY, label, parts)
    },
    claimMs: abandonedAfter(config),
    waitMs: IDEMPOTENCY_WAIT_MS,
  })
  const deps: PaymentDeps = {
    ...basics,
    gateway,
    audit,
    idempotency,
    defaultCurrency: config.SEALPAY_CURRENCY,
  }
  const services: Services = {
    customers: createCustomers(deps),
    paymentMethods: createPaymentMethods(deps),
    payments: createPayments(deps),
    paymentQueries: createPaymentQueries(deps),
    auditQueries: createAuditQueries({ database, audit }),
    dataKeys: createDataKeys({ database }),
  }
  return { deps, services }
}

async function openAuthenticator(config: Config, log: Logger): Promise<Authenticator> {
  const algorithms = config.SEALPAY_AUTH_ALGORITHMS
  const load =
    config.SEALPAY_AUTH_JWKS_URL === undefined
      ? fromFile(config.SEALPAY_AUTH_JWKS_FILE ?? '')
      : fromUrl(config.SEALPAY_AUTH_JWKS_URL)
  const keys = createKeySource({
    load,
    algorithms,
    onFault: (fault) => logFault(log, { part: 'jwks' }, fault),
  })
  await keys.start()
  return createAuthenticator({
    issuer: config.SEALPAY_AUTH_ISSUER,
    audience: config.SEALPAY_AUTH_AUDIENCE,
    algorithms,
    keys,
    rolesClaim: config.SEALPAY_AUTH_ROLES_CLAIM,
    customerClaim: config.SEALPAY_AUTH_CUSTOMER_CLAIM,
    clockSkewSeconds: config.SEALPAY_AUTH_CLOCK_SKEW_SECONDS,
    typ: config.SEALPAY_AUTH_TOKEN_TYPES.split(',').map((type) => type.trim()),
    now: () => Date.now(),
    cacheSize: config.SEALPAY_AUTH_CACHE_SIZE,
  })
}

const limitsOf = (config: Config): Limits => ({
  bodyBytes: config.SEALPAY_LIMIT_BODY_BYTES,
  tokens: config.SEALPAY_LIMIT_TOKENS,
  depth: config.SEALPAY_LIMIT_DEPTH,
  aliases: config.SEALPAY_LIMIT_ALIASES,
  directives: config.SEALPAY_LIMIT_DIRECTIVES,
  cost: config.SEALPAY_LIMIT_COST,
  requestMs: config.SEALPAY_LIMIT_REQUEST_MS,
  auditMs: config.SEALPAY_AUDIT_DEADLINE_MS,
})

async function openPlayground(config: Config): Promise<PlaygroundOptions | null> {
  if (!config.SEALPAY_PLAYGROUND) return null
  const directory = config.SEALPAY_DEV_ISSUER_DIRECTORY
  const issuer = directory === undefined ? null : await createDevIssuer({ directory })
  const roles: ReadonlySet<string> = new Set(config.SEALPAY_PLAYGROUND_ROLES)
  const identities = issuer === null ? [] : demoIdentities
  return {
    directory: PLAYGROUND_DIRECTORY,
    identities,
    issueToken(role) {
      const identity = identities.find((one) => one.role === role)
      if (issuer === null || identity === undefined) return null
      return issuer.issueToken({
        ...identity,
        roles: [identity.role],
        expiresInSeconds: PLAYGROUND_TOKEN_SECONDS,
      })
    },
    allow: (principal) =>
      config.SEALPAY_MODE === 'development' || [...(principal?.roles ?? [])].some((role) => roles.has(role)),
  }
}

/**
 * Builds the application from its configuration and listens.
 *
 * @throws {ConfigFault | SchemaFault} or what an adapter throws when it cannot start; nothing is left open then
 */
export async function startApp(config: Config, log: Logger): Promise<App> {
  const opened: (() => Promise<unknown>)[] = []
  const letGo = async () => {
    for (const close of opened.splice(0).reverse()) {
      await close().catch((error: unknown) => logFault(log, { part: 'stop' }, error))
    }
  }
  try {
    const storage = await openStorage(config)
    opened.push(
      () => storage.plain.$disconnect(),
      () => storage.database.$disconnect(),
    )
    const gateway = openGateway(config)
    const { deps, services } = openDomain(config, storage, gateway)
    await storage.keyrings.ready(KEYRINGS)
    const server = await openServer(config, log, storage, gateway, services)
    const { url } = await server.listen({ host: config.SEALPAY_HOST, port: config.SEALPAY_PORT })
    opened.push(startBackground(config, log, storage.keyrings, deps))
    // Last opened, first closed: no request is taken while recovery finishes its round.
    opened.push(() => server.close({ graceMs: milliseconds(config.SEALPAY_DRAIN_SECONDS) }))
    return { url, close: letGo }
  } catch (error) {
    logFault(log, { part: 'start' }, error)
    await letGo()
    throw error
  }
}

/** What runs beside requests: recovery, and letting go of keys whose time is over. */
function startBackground(
  config: Config,
  log: Logger,
  keyrings: Keyrings,
  deps: DomainDeps,
): () => Promise<void> {
  const report = (error: unknown) => logFault(log, { part: 'recovery' }, error)
  const recovery = startRecovery(
    { ...deps, report, abandonedAfterMs: abandonedAfter(config) },
    milliseconds(config.SEALPAY_RECOVERY_SECONDS),
  )
  const sweeping = setInterval(() => keyrings.sweep(), SWEEP_MS)
  sweeping.unref()
  return () => {
    clearInterval(sweeping)
    return recovery.stop()
  }
}

async function openServer(
  config: Config,
  log: Logger,
  { audit, keyrings, database }: Storage,
  gateway: Gateway,
  services: Services,
): Promise<SealpayServer> {
  const schema = protectSchema(buildSchema(), protection, { map: sealedMap, models: MODELS })
  const authenticator = await openAuthenticator(config, log)
  return createServer<Context>({
    schema,
    authenticate: (authorization) => authenticator.authenticate(authorization),
    makeContext: (facts, principal) => createContext(services, facts, principal),
    authorise: ({ document, operationName, variables, roles }) =>
      authoriseOperation(schema, document, operationName, variables, roles),
    audit: accessAudit(audit),
    containsCardNumber,
    containsCardNumberIn,
    limits: limitsOf(config),
    introspection: config.SEALPAY_INTROSPECTION,
    hideSuggestions: config.SEALPAY_MODE === 'production',
    playground: await openPlayground(config),
    readiness: {
      database: async () => {
        await database.$queryRaw`SELECT 1`
      },
      keys: async () => keyrings.ready(KEYRINGS),
      gateway: () => gateway.ping(),
    },
    log,
    allowedOrigins: config.SEALPAY_CORS_ORIGINS,
    hsts: false,
    metrics: config.SEALPAY_METRICS,
  })
}

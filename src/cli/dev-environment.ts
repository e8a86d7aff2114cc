/**
 * Everything that a server needs on a developer's machine: a PostgreSQL, a key file, an issuer of tokens and a
 * sandbox gateway, made at the first start and kept in one directory. It gives back what loadConfig reads.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createDevIssuer, type DevIssuer } from '../auth/dev-issuer.ts'
import { startSandbox } from '../gateway/sandbox/server.ts'
import { createLocalKeyFile } from '../kms/local-key-file.ts'
import { borrowEmbeddedPostgres, startEmbeddedPostgres } from '../storage/embedded/embedded-postgres.ts'
import { AlreadyRunning } from '../storage/embedded/fault.ts'
import { migrateDeploy } from '../storage/migrate.ts'
import {
  databaseDirectory,
  issuerDirectory,
  keyFile,
  makeDirectory,
  sandboxSecretFile,
  sandboxStore,
} from './dev-directory.ts'
import { isPortTaken, PortTaken, UsageFault } from './faults.ts'
import { MIGRATIONS } from './migrate.ts'
import { findServer, type RunningServer } from './running-server.ts'

const SANDBOX_URL = 'http://127.0.0.1:4001'

type Variables = Readonly<Record<string, string | undefined>>

export interface DevEnvironment {
  /** For loadConfig: what the caller set, over what is made here. */
  readonly variables: Variables
  readonly issuer: DevIssuer
  readonly databaseUrl: string
  readonly sandboxUrl: string
  /** Stops the sandbox, then the database. */
  close(): Promise<void>
  /** Asks the database to stop, for a process that cannot wait. */
  interrupt(): void
}

export interface DevEnvironmentOptions {
  /** Absolute. */
  readonly directory: string
  readonly environment: Variables
  /** Hears what takes a moment, one line each. */
  readonly report: (line: string) => void
}

/**
 * Starts it all. With DATABASE_URL set that database is used, and none is started.
 *
 * @throws {AlreadyRunning | PortTaken} and leaves nothing running
 */
export async function startDevEnvironment(options: DevEnvironmentOptions): Promise<DevEnvironment> {
  const { directory, environment } = options
  refuseProduction(environment)
  makeDirectory(directory)
  const database = await openDatabase(options)
  try {
    await migrate(options, database.url)
    if (!existsSync(keyFile(directory))) await createLocalKeyFile(keyFile(directory))
    const issuer = await createDevIssuer({ directory: issuerDirectory(directory) })
    const secretKey = environment['SEALPAY_GATEWAY_SANDBOX_SECRET'] ?? readSecret(directory)
    const sandbox = await openSandbox(directory, environment, secretKey)
    const made = { databaseUrl: database.url, issuer, sandboxUrl: sandbox.url }
    return {
      ...made,
      variables: variablesOf(options, made, secretKey),
      close: () => sandbox.close().finally(() => database.stop()),
      interrupt: () => database.interrupt(),
    }
  } catch (error) {
    await database.stop()
    throw error
  }
}

/**
 * The same, for a command beside a server: what `start --dev` runs already is used, and left running.
 *
 * @throws {AlreadyRunning | PortTaken}
 */
export async function borrowDevEnvironment(options: DevEnvironmentOptions): Promise<DevEnvironment> {
  try {
    return await startDevEnvironment(options)
  } catch (error) {
    const running = error instanceof AlreadyRunning ? findServer(options.directory) : null
    if (running === null) throw error
    return joinServer(options, running)
  }
}

async function joinServer(options: DevEnvironmentOptions, running: RunningServer): Promise<DevEnvironment> {
  const { directory, environment } = options
  refuseProduction(environment)
  const database = await borrowEmbeddedPostgres({ directory: databaseDirectory(directory) })
  const issuer = await createDevIssuer({ directory: issuerDirectory(directory) })
  const secretKey = environment['SEALPAY_GATEWAY_SANDBOX_SECRET'] ?? readSecret(directory)
  const found = { databaseUrl: database.url, issuer, sandboxUrl: running.sandbox }
  return {
    ...found,
    variables: variablesOf(options, found, secretKey),
    close: database.giveBack,
    interrupt: () => undefined,
  }
}

/** Whoever says production gets no development profile, and no demo data in their database. */
function refuseProduction(environment: Variables): void {
  if (environment['SEALPAY_MODE'] === 'production') {
    throw new UsageFault('--dev is for development: SEALPAY_MODE is production.')
  }
}

async function openDatabase({ directory, environment, report }: DevEnvironmentOptions) {
  const url = environment['DATABASE_URL']
  if (url) {
    report('using the database of DATABASE_URL')
    return { url, stop: () => Promise.resolve(), interrupt: () => undefined }
  }
  report('starting PostgreSQL')
  const database = await startEmbeddedPostgres({ directory: databaseDirectory(directory) })
  database.remarks.forEach(report)
  if (database.adopted) report('It was running already, left by a process that was killed.')
  return database
}

async function migrate({ report }: DevEnvironmentOptions, url: string): Promise<void> {
  const applied = await migrateDeploy({ url, directory: MIGRATIONS })
  if (applied.length > 0) report(`applied ${applied.join(', ')}`)
}

async function openSandbox(directory: string, environment: Variables, secretKey: string) {
  const { hostname, port } = new URL(environment['SEALPAY_GATEWAY_SANDBOX_URL'] ?? SANDBOX_URL)
  try {
    return await startSandbox({
      host: hostname,
      port: Number(port),
      storeFile: sandboxStore(directory),
      secretKey,
    })
  } catch (cause) {
    if (!isPortTaken(cause)) throw cause
    const remedy = 'set SEALPAY_GATEWAY_SANDBOX_URL, such as http://127.0.0.1:4011'
    throw new PortTaken(Number(port), remedy, { cause })
  }
}

/** The same at every start, since the sandbox keeps what it was told. */
function readSecret(directory: string): string {
  const file = sandboxSecretFile(directory)
  if (!existsSync(file))
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  return readFileSync(file, 'utf8')
}

function variablesOf(
  { directory, environment }: DevEnvironmentOptions,
  { databaseUrl, issuer, sandboxUrl }: Pick<DevEnvironment, 'databaseUrl' | 'issuer' | 'sandboxUrl'>,
  secretKey: string,
): Variables {
  return {
    SEALPAY_KMS: 'local',
    SEALPAY_KMS_LOCAL_KEY_FILE: keyFile(directory),
    SEALPAY_AUTH_ISSUER: issuer.issuer,
    SEALPAY_AUTH_AUDIENCE: issuer.audience,
    SEALPAY_AUTH_ALGORITHMS: 'ES256',
    SEALPAY_AUTH_JWKS_FILE: issuer.jwksFile,
    SEALPAY_DEV_ISSUER_DIRECTORY: issuerDirectory(directory),
    SEALPAY_GATEWAY: 'sandbox',
    SEALPAY_CURRENCY: 'USD',
    SEALPAY_INTROSPECTION: 'on',
    SEALPAY_PLAYGROUND: 'on',
    ...environment,
    SEALPAY_MODE: 'development',
    DATABASE_URL: databaseUrl,
    SEALPAY_GATEWAY_SANDBOX_URL: sandboxUrl,
    SEALPAY_GATEWAY_SANDBOX_SECRET: secretKey,
  }
}

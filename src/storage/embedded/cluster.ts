/** A database cluster on disk: made once by initdb, with its password and port beside it. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { PROGRAM_ENVIRONMENT, programOf, type Binaries } from './binaries.ts'
import { EmbeddedPostgresFault } from './fault.ts'
import { dataOf, type Place } from './place.ts'

const SUPERUSER = 'sealpay'
/** The database of the application, in the cluster. */
export const DATABASE = 'sealpay'

const Connection = z.object({
  password: z.string().min(20),
  port: z.number().int().min(1).max(65_535).optional(),
})
/** What is needed to connect; kept in connection.json, which only its owner reads. */
export type Connection = z.infer<typeof Connection>

/** Holds the password. */
export function urlOf({ password }: Connection, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`
}

/** Reads connection.json, or makes a new one with a random password. */
export function readConnection(directory: string, place: Place): Connection {
  const file = path.join(directory, 'connection.json')
  if (existsSync(file)) return Connection.parse(JSON.parse(readFileSync(file, 'utf8')))
  if (existsSync(dataOf(place.home))) {
    throw new EmbeddedPostgresFault(
      `${file} is missing, and with it the password of the data in ${dataOf(place.home)}. Put it back, or delete the data to begin anew.`,
    )
  }
  const made = { password: randomBytes(24).toString('base64url') }
  writeConnection(directory, made)
  return made
}

export function writeConnection(directory: string, connection: Connection): void {
  const file = path.join(directory, 'connection.json')
  writeFileSync(`${file}.new`, JSON.stringify(connection), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/**
 * Makes the cluster unless it is there: UTF-8, sorted by code point everywhere alike, with checksums. It is
 * complete or not there: initdb works beside it, and the result is renamed.
 *
 * @throws {EmbeddedPostgresFault} with initdb's own words
 */
export async function ensureCluster(
  binaries: Binaries,
  place: Place,
  password: string,
  durable: boolean,
): Promise<void> {
  const data = dataOf(place.home)
  if (existsSync(data)) return
  const unfinished = `${data}.new`
  const passwordFile = path.join(place.home, 'initdb-password')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (place.account) {
    for (const file of [unfinished, passwordFile]) chownSync(file, place.account.uid, place.account.gid)
  }
  try {
    await runInitdb(binaries, place, [
      '-D',
      unfinished,
      `--pwfile=${passwordFile}`,
      ...(durable ? [] : ['-N']),
    ])
    renameSync(unfinished, data)
  } finally {
    rmSync(passwordFile, { force: true })
    rmSync(unfinished, { recursive: true, force: true })
  }
}

async function runInitdb(binaries: Binaries, { account }: Place, options: readonly string[]): Promise<void> {
  const settings = [
    `--username=${SUPERUSER}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
  ]
  try {
    await promisify(execFile)(programOf(binaries, 'initdb'), [...options, ...settings], {
      ...(account && { uid: account.uid, gid: account.gid }),
      env: PROGRAM_ENVIRONMENT,
      cwd: '/',
    })
  } catch (cause) {
    const words =
      typeof cause === 'object' && cause !== null && 'stderr' in cause ? String(cause.stderr).trim() : ''
    throw new EmbeddedPostgresFault(`initdb failed: ${words || String(cause)}`, { cause })
  }
}

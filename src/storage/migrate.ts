/**
 * Applies prisma/migrations as `prisma migrate deploy` does, without its native engine: same order, same
 * checksums, same `_prisma_migrations` rows, so that either may follow the other. Each script runs in one
 * transaction, so that a failed one leaves nothing behind.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { NO_FILTERS, openSchemaEngine, type SchemaEngine } from './schema-engine.ts'

/** Any number that is not Prisma's own (72707369), which its engine takes inside of ours. */
const LOCK_KEY = 5_324_187_201
const LOCK_LIMIT_MS = 60_000

export interface MigrationRequest {
  /** Of the database, as a role that may change its schema. */
  readonly url: string
  /** The folder of migrations, normally prisma/migrations. */
  readonly directory: string
}

export interface MigrationStatus {
  /** In the folder and in the database. */
  readonly applied: readonly string[]
  /** In the folder alone: `deploy` applies them. */
  readonly pending: readonly string[]
  /** Begun and not finished: nothing else is applied until it is resolved. */
  readonly failed: readonly string[]
  /** Applied, and changed in the folder since: refused. */
  readonly edited: readonly string[]
  /** In the database alone: a newer release has been here. */
  readonly unknown: readonly string[]
}

/** The migrations cannot be applied; the message says which one, why and what to do. */
export class MigrationFault extends Error {
  override readonly name = 'MigrationFault'
  readonly code = 'ERR_MIGRATION'
}

/**
 * Applies what is pending. Of two processes at once the second waits, and finds nothing to do.
 *
 * @returns the names of what was applied, oldest first
 * @throws {MigrationFault} when a script fails, failed before, or was changed after it was applied
 */
export async function migrateDeploy(request: MigrationRequest): Promise<string[]> {
  return withEngine(request.url, async (engine) => {
    const { edited, failed } = await diagnose(engine, request.directory)
    if (failed.length > 0) throw new MigrationFault(failedMessage(failed))
    if (edited.length > 0) throw new MigrationFault(editedMessage(edited))
    try {
      const migrationsList = readMigrations(request.directory)
      return (await engine.applyMigrations({ migrationsList, filters: NO_FILTERS })).appliedMigrationNames
    } catch (cause) {
      const { failed: now } = await diagnose(engine, request.directory)
      const said = now.length > 0 ? `${failedMessage(now)}\n` : ''
      throw new MigrationFault(`${said}${wordsOf(cause)}`, { cause })
    }
  })
}

/** Says what is applied and what is not, and changes nothing. */
export async function migrateStatus(request: MigrationRequest): Promise<MigrationStatus> {
  return withEngine(request.url, (engine) => diagnose(engine, request.directory))
}

/**
 * Marks a failed migration as rolled back, so that `deploy` tries it again.
 *
 * @throws {MigrationFault} when it has not failed
 */
export async function resolveRolledBack(request: MigrationRequest, migrationName: string): Promise<void> {
  await withEngine(request.url, async (engine) => {
    const { failed } = await diagnose(engine, request.directory)
    if (!failed.includes(migrationName)) throw new MigrationFault('No migration of that name has failed.')
    await engine.markMigrationRolledBack({ migrationName })
  })
}

async function withEngine<T>(url: string, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const guard = new pg.Client({ connectionString: url })
  // The engine takes a lock of the session and never gives it back, so that it has one connection of its own.
  const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0 })
  const lost = new Promise<never>((_, reject) => {
    guard.on('error', reject)
    pool.on('error', reject)
  })
  lost.catch(() => undefined)
  try {
    await connect(guard)
    await guard.query(`SET lock_timeout = ${LOCK_LIMIT_MS}`)
    await lockOut(guard)
    return await Promise.race([lost, useEngine(pool, work)])
  } finally {
    await pool.end()
    await guard.end()
  }
}

async function useEngine<T>(pool: pg.Pool, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const engine = await openSchemaEngine(pool)
  try {
    return await work(engine)
  } finally {
    engine.free()
  }
}

async function connect(client: pg.Client): Promise<void> {
  try {
    await client.connect()
  } catch (cause) {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
    const why = typeof code === 'string' ? ` (${code})` : ''
    throw new MigrationFault(`The database does not let us in${why}. Check DATABASE_URL.`, { cause })
  }
}

async function lockOut(client: pg.Client): Promise<void> {
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY])
  } catch (cause) {
    throw new MigrationFault('Another process has been migrating this database for a minute.', { cause })
  }
}

async function diagnose(engine: SchemaEngine, directory: string): Promise<MigrationStatus> {
  const migrationsList = readMigrations(directory)
  const found = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: NO_FILTERS,
  })
  const history = found.history
  const pending = history && 'unappliedMigrationNames' in history ? history.unappliedMigrationNames : []
  const unknown = history && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : []
  const failed = found.failedMigrationNames
  const names = migrationsList.migrationDirectories.map((migration) => migration.path)
  return {
    applied: names.filter((name) => !pending.includes(name) && !failed.includes(name)),
    pending,
    failed,
    // A failed script was not kept, so that repairing it is no edit.
    edited: found.editedMigrationNames.filter((name) => !failed.includes(name)),
    unknown,
  }
}

type MigrationList = Parameters<SchemaEngine['applyMigrations']>[0]['migrationsList']

function readMigrations(directory: string): MigrationList {
  if (!existsSync(directory)) throw new MigrationFault(`There is no folder of migrations at ${directory}.`)
  const lockfile = path.join(directory, 'migration_lock.toml')
  return {
    baseDir: directory,
    lockfile: {
      path: 'migration_lock.toml',
      content: existsSync(lockfile) ? readFileSync(lockfile, 'utf8') : null,
    },
    shadowDbInitScript: '',
    migrationDirectories: readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort()
      .map((name) => ({ path: name, migrationFile: readScript(path.join(directory, name)) })),
  }
}

function readScript(folder: string): MigrationList['migrationDirectories'][number]['migrationFile'] {
  const file = path.join(folder, 'migration.sql')
  if (!existsSync(file)) throw new MigrationFault(`${file} is missing.`)
  return { path: 'migration.sql', content: { tag: 'ok', value: readFileSync(file, 'utf8') } }
}

function editedMessage(names: readonly string[]): string {
  return `Changed after it was applied: ${names.join(', ')}. Put the file back as it was, and write what is new as a migration of its own.`
}

function failedMessage(names: readonly string[]): string {
  return `The migration ${names.join(', ')} failed, and nothing of it was kept. Repair the cause, then: sealpay migrate resolve ${names[0] ?? ''}`
}

/** The engine's error without the trace of its own source files. */
function wordsOf(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error).split('\n')
  const trace = lines.findIndex((line) => /^\s+0: /.test(line))
  return lines
    .slice(0, trace === -1 ? undefined : trace)
    .filter((line) => line !== 'external connector error')
    .map((line) => line.replace('Error querying the database: ', ''))
    .join('\n')
}

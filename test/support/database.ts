/** Databases for tests: each call gives a new one, migrated and empty, on the server that global-setup.ts started. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** How the workers hear of the server: JSON of DatabaseServer. */
const VARIABLE = 'SEALPAY_TEST_DATABASE_SERVER'

export const TEMPLATE = 'sealpay_template'

/** A database of one test; close it in `afterAll` or `finally`. */
export interface TestDatabase {
  readonly url: string
  close(): Promise<void>
}

export function announceServer(url: string): void {
  process.env[VARIABLE] = url
}

/** The URL of a database on the server of this run, by name. */
export function urlOf(database: string): string {
  const server = process.env[VARIABLE]
  if (server === undefined)
    throw new Error('No test database: run through Jest, whose globalSetup starts it.')
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}

/** A new database from the migrated template. */
export async function freshDatabase(): Promise<TestDatabase> {
  return createDatabase(`TEMPLATE ${TEMPLATE}`)
}

/** A new database without a table. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return createDatabase('')
}

async function createDatabase(from: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await onServer(`CREATE DATABASE ${name} ${from}`)
  return { url: urlOf(name), close: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) }
}

/** Runs one statement in the maintenance database. */
export async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf('postgres') })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

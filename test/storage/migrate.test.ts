import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { migrateDeploy, migrateStatus, MigrationFault, resolveRolledBack } from '../../src/storage/migrate.ts'
import { emptyDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let directory: string
let client: pg.Client

beforeEach(async () => {
  database = await emptyDatabase()
  directory = await mkdtemp(path.join(tmpdir(), 'migrations-'))
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})

afterEach(async () => {
  await client.end()
  await database.close()
  await rm(directory, { recursive: true })
})

async function migration(name: string, sql: string): Promise<string> {
  const file = path.join(directory, name, 'migration.sql')
  await mkdir(path.dirname(file))
  await writeFile(file, sql)
  return file
}

const request = () => ({ url: database.url, directory })

const FUNCTION = `
CREATE TABLE "a" ("id" INT);
CREATE FUNCTION "f"() RETURNS INT LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;`

describe('migrateDeploy', () => {
  it('applies what is pending in the order of the names, semicolons in function bodies included', async () => {
    await migration('2_second', 'ALTER TABLE "a" ADD "b" INT;')
    await migration('1_first', FUNCTION)

    expect(await migrateDeploy(request())).toEqual(['1_first', '2_second'])
    expect((await client.query('SELECT "b", "f"() FROM "a"')).fields.map((field) => field.name)).toEqual([
      'b',
      'f',
    ])
  })

  it('leaves the rows that prisma migrate leaves', async () => {
    const file = await migration('1_first', FUNCTION)
    await migrateDeploy(request())

    const { rows } = await client.query(
      'SELECT migration_name, checksum, applied_steps_count, logs, rolled_back_at, finished_at >= started_at AS finished FROM _prisma_migrations',
    )
    expect(rows).toEqual([
      {
        migration_name: '1_first',
        checksum: createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
        applied_steps_count: 1,
        logs: null,
        rolled_back_at: null,
        finished: true,
      },
    ])
  })

  it('does nothing the second time', async () => {
    await migration('1_first', FUNCTION)
    await migrateDeploy(request())
    expect(await migrateDeploy(request())).toEqual([])
  })

  it('applies a migration once when several processes start together', async () => {
    await migration('1_first', `SELECT pg_sleep(0.2); ${FUNCTION}`)
    const applied = await Promise.all([1, 2, 3].map(() => migrateDeploy(request())))
    expect(applied.flat()).toEqual(['1_first'])
  })

  it('names the migration that fails and the reason, and keeps nothing of it', async () => {
    await migration('1_first', 'CREATE TABLE "a" ("id" INT); SELECT "missing" FROM "a";')

    const failing = migrateDeploy(request())
    await expect(failing).rejects.toThrow(MigrationFault)
    await expect(failing).rejects.toThrow(/1_first failed[^]*missing/)
    expect((await client.query(`SELECT to_regclass('"a"') AS a`)).rows).toEqual([{ a: null }])
  })

  it('refuses everything while a failed migration is not resolved, and tries again after', async () => {
    const file = await migration('1_first', 'SELECT "missing";')
    await expect(migrateDeploy(request())).rejects.toThrow(MigrationFault)
    await writeFile(file, FUNCTION)

    await expect(migrateDeploy(request())).rejects.toThrow(/1_first failed/)
    await resolveRolledBack(request(), '1_first')
    expect(await migrateDeploy(request())).toEqual(['1_first'])
  })

  it('refuses a migration that was changed after it was applied', async () => {
    await appendFile(await migration('1_first', FUNCTION), '')
    await migrateDeploy(request())
    await appendFile(path.join(directory, '1_first', 'migration.sql'), '-- harmless?')
    await migration('2_second', 'CREATE TABLE "b" ();')

    await expect(migrateDeploy(request())).rejects.toThrow(/Changed after it was applied: 1_first/)
    expect((await client.query(`SELECT to_regclass('"b"') AS b`)).rows).toEqual([{ b: null }])
  })

  it('does not touch a database that holds something else', async () => {
    await client.query('CREATE TABLE "of another project" ()')
    await migration('1_first', FUNCTION)
    await expect(migrateDeploy(request())).rejects.toThrow(/schema is not empty/)
    expect((await client.query(`SELECT to_regclass('"a"') AS a`)).rows).toEqual([{ a: null }])
  })

  it('says so when a folder has no script, or there is no folder', async () => {
    await mkdir(path.join(directory, '1_first'))
    await expect(migrateDeploy(request())).rejects.toThrow(/migration\.sql is missing/)
    const nowhere = { url: database.url, directory: path.join(directory, 'nowhere') }
    await expect(migrateDeploy(nowhere)).rejects.toThrow(/no folder of migrations/)
  })

  it('says that the database is not reachable without repeating its password', async () => {
    const wrong = new URL(database.url)
    wrong.password = 'not-the-password'
    const refused = migrateDeploy({ url: wrong.href, directory })
    await expect(refused).rejects.toThrow(/does not let us in \(28P01\)/)
    await expect(refused).rejects.not.toThrow(/not-the-password/)
  })
})

describe('migrateStatus', () => {
  it('tells applied, pending and failed apart', async () => {
    await migration('1_first', FUNCTION)
    await migrateDeploy(request())
    await migration('2_second', 'SELECT "missing";')
    await migration('3_third', 'SELECT 1;')
    await expect(migrateDeploy(request())).rejects.toThrow(MigrationFault)

    expect(await migrateStatus(request())).toEqual({
      applied: ['1_first'],
      pending: ['3_third'],
      failed: ['2_second'],
      edited: [],
      unknown: [],
    })
  })

  it('names what only the database knows', async () => {
    await migration('1_first', FUNCTION)
    await migration('2_second', 'SELECT 1;')
    await migrateDeploy(request())
    await rm(path.join(directory, '2_second'), { recursive: true })

    expect(await migrateStatus(request())).toMatchObject({ applied: ['1_first'], unknown: ['2_second'] })
  })

  it('does not touch a database without migrations', async () => {
    await migration('1_first', FUNCTION)
    expect(await migrateStatus(request())).toMatchObject({ applied: [], pending: ['1_first'] })
    expect((await client.query(`SELECT to_regclass('_prisma_migrations') AS t`)).rows).toEqual([{ t: null }])
  })
})

describe('resolveRolledBack', () => {
  it('refuses a migration that has not failed', async () => {
    await migration('1_first', FUNCTION)
    await migrateDeploy(request())
    await expect(resolveRolledBack(request(), '1_first')).rejects.toThrow(MigrationFault)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { sealedChecks } from '../../src/storage/sealed-checks.ts'
import { sealedMap } from '../../src/storage/generated/sealed-map.ts'
import type { StoredMap } from '../../src/storage/stored-map.ts'
import { sealedMap as testMap } from '../support/generated/sealed-map.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const STATEMENT =
  /^ALTER TABLE "(?<table>\w+)" ADD CONSTRAINT "(?<name>\w+)" CHECK \("(?<column>\w+)" ~ '(?<pattern>.*)'\);$/

let server: TestDatabase
let client: pg.Client
beforeAll(async () => {
  server = await freshDatabase()
  client = new pg.Client({ connectionString: server.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await server.close()
})

describe('the CHECK of a sealed map', () => {
  it.each(sealedChecks(sealedMap))('is in the migrated database: %s', async (statement) => {
    const { table, name, column, pattern } = STATEMENT.exec(statement)?.groups ?? {}
    const { rows } = await client.query<{ definition: string; validated: boolean }>(
      `SELECT pg_get_constraintdef(oid) AS definition, convalidated AS validated
       FROM pg_constraint WHERE conname = $1 AND conrelid = ('"' || $2 || '"')::regclass`,
      [name, table],
    )
    const columns = [`"${column ?? ''}"`, column]
    const definitions = columns.map((each) => `CHECK ((${each ?? ''} ~ '${pattern ?? ''}'::text))`)
    expect(definitions).toContain(rows[0]?.definition)
    expect(rows[0]?.validated).toBe(true)
  })

  it('covers each sealed column and each index column once', () => {
    const specs = Object.values<StoredMap[string]>(sealedMap).flatMap(({ fields }) => Object.values(fields))
    const columns = specs.flatMap((spec) => [spec.field, ...(spec.index ? [spec.index.column] : [])])
    const covered = sealedChecks(sealedMap).map((each) => STATEMENT.exec(each)?.groups?.['column'])
    expect(covered.toSorted()).toEqual(columns.toSorted())
  })

  it('names tables and columns as the database does', () => {
    expect(sealedChecks(testMap).filter((each) => each.includes('clubs'))).toEqual([
      expect.stringContaining(
        'ALTER TABLE "clubs" ADD CONSTRAINT "clubs_motto_text_sealed" CHECK ("motto_text" ~',
      ),
    ])
  })

  it('quotes names, names the schema, and refuses a name that PostgreSQL would cut', () => {
    const model = { ...testMap.Club, table: ['sales', 'od"d'] }
    expect(sealedChecks({ Club: model })[0]).toContain('ALTER TABLE "sales"."od""d"')
    expect(() => sealedChecks({ Club: { ...model, table: ['c'.repeat(60)] } })).toThrow(RangeError)
  })
})

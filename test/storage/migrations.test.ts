/** prisma/migrations and prisma/schema.prisma agree, and every sealed column has its CHECK. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import type { SealedMap } from '../../src/crypto/field-spec.ts'
import { sealedMap } from '../../src/storage/generated/sealed-map.ts'
import { openSchemaEngine, NO_FILTERS } from '../../src/storage/schema-engine.ts'
import { emptyDatabase, freshDatabase, type TestDatabase } from '../support/database.ts'

/** What Prisma's schema language can say, so that both sides must have it alike. */
const CATALOGUE = {
  columns: `
    SELECT table_name, column_name, udt_name, character_maximum_length, datetime_precision, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
    ORDER BY table_name, ordinal_position`,
  enums: `
    SELECT typname, array_agg(enumlabel::text ORDER BY enumsortorder) AS labels
    FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY typname ORDER BY typname`,
  keys: `
    SELECT conrelid::regclass::text AS table_name, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace
      AND conrelid::regclass::text <> '_prisma_migrations' ORDER BY 1, 2`,
  indexes: `
    SELECT tablename, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND indexdef NOT LIKE '% WHERE %' AND tablename <> '_prisma_migrations'
    ORDER BY indexname`,
}

let migrated: TestDatabase
let declared: TestDatabase

beforeAll(async () => {
  migrated = await freshDatabase()
  declared = await emptyDatabase()
})

afterAll(async () => {
  await migrated.close()
  await declared.close()
})

async function query(database: TestDatabase, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** The DDL that Prisma itself would write for schema.prisma. */
async function declaredDdl(): Promise<string> {
  const file = path.resolve(import.meta.dirname, '../../prisma/schema.prisma')
  const pool = new pg.Pool({ connectionString: declared.url, max: 1 })
  const engine = await openSchemaEngine(pool)
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: [{ path: file, content: await readFile(file, 'utf8') }] },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    })
    return stdout ?? ''
  } finally {
    engine.free()
    await pool.end()
  }
}

describe('the migrations', () => {
  it('make what schema.prisma declares', async () => {
    await query(declared, await declaredDdl())
    for (const sql of Object.values(CATALOGUE)) {
      const rows = await query(declared, sql)
      expect(rows.length).toBeGreaterThan(0)
      expect(await query(migrated, sql)).toEqual(rows)
    }
  })

  it('give every sealed column and every blind index its CHECK, and no other column', async () => {
    const models: SealedMap = sealedMap
    const expected = Object.values(models).flatMap(({ model, fields }) =>
      Object.values(fields).flatMap((spec) => [
        `${model}_${spec.field}_sealed`,
        ...(spec.index ? [`${model}_${spec.index.column}_indexed`] : []),
      ]),
    )
    const found = await query(
      migrated,
      `SELECT conname FROM pg_constraint WHERE contype = 'c' AND conname ~ '_(sealed|indexed)$'`,
    )
    expect(found.map((row) => (row as { conname: string }).conname).sort()).toEqual(expected.sort())
  })
})

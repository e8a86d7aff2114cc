import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { OpenFailed } from '../../src/errors.ts'
import { sealing } from '../../src/storage/sealing.ts'
import { openSealingDatabase, type SealingDatabase } from '../support/sealing-database.ts'

let database: SealingDatabase
let ann: string
let bob: string

beforeAll(async () => {
  database = await openSealingDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  ann = uuidv7()
  bob = uuidv7()
  const values = { text: 'same', int: sealing(1), decimal: sealing('1'), colour: sealing('RED') }
  await database.client.person.createMany({
    data: [
      { id: ann, ...values },
      { id: bob, ...values },
    ],
  })
})

async function open(id: string, field: 'text' | 'int' | 'decimal' | 'colour'): Promise<unknown> {
  const row = await database.client.person.findUniqueOrThrow({ where: { id } })
  return row[field]?.open()
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
}

/** What someone with SQL may do to `ann`, each leaving a text that the CHECK lets pass. */
const MOVES: readonly (readonly [string, string])[] = [
  ['of another row', `UPDATE "Person" SET text = (SELECT text FROM "Person" WHERE id = $2) WHERE id = $1`],
  ['of another column', `UPDATE "Person" SET text = colour WHERE id = $1 AND id <> $2`],
  ['of another column of another keyring', `UPDATE "Person" SET text = int WHERE id = $1 AND id <> $2`],
  [
    'under another key id',
    `UPDATE "Person" SET text = overlay(text placing split_part(int, '.', 2) from 4 for 36) WHERE id = $1 AND id <> $2`,
  ],
  ['cut by a character', `UPDATE "Person" SET text = left(text, -1) WHERE id = $1 AND id <> $2`],
  ['longer by a character', `UPDATE "Person" SET text = text || 'A' WHERE id = $1 AND id <> $2`],
  [
    'with its first byte changed',
    `UPDATE "Person" SET text = overlay(text placing (CASE WHEN substr(text, 41, 1) = 'A' THEN 'B' ELSE 'A' END) from 41 for 1) WHERE id = $1 AND id <> $2`,
  ],
]

describe('a sealed text', () => {
  it.each(MOVES)('%s does not open', async (_name, sql) => {
    await database.sql(sql, [ann, bob])
    expect(await failureOf(open(ann, 'text'))).toBeInstanceOf(OpenFailed)
    expect(await open(bob, 'text')).toBe('same')
  })

  it('whose row got another id does not open', async () => {
    const other = uuidv7()
    await database.sql('UPDATE "Person" SET id = $2 WHERE id = $1', [ann, other])
    expect(await failureOf(open(other, 'text'))).toBeInstanceOf(OpenFailed)
  })

  it('of another model does not open, though both are of one keyring and type', async () => {
    const { client, sql } = database
    const passport = await client.passport.create({
      data: { id: bob, number: 'P', numberIndex: '', country: 'NL', holderId: ann },
    })
    await sql('UPDATE "Person" SET text = (SELECT number FROM "Passport" WHERE id = $1) WHERE id = $1', [
      passport.id,
    ])
    expect(await failureOf(open(bob, 'text'))).toBeInstanceOf(OpenFailed)
  })

  it('is never the same twice', async () => {
    const rows = await database.sql('SELECT text, "textIndex" FROM "Person" WHERE id IN ($1, $2)', [ann, bob])
    expect(rows[0]?.['text']).not.toBe(rows[1]?.['text'])
    expect(rows[0]?.['textIndex']).toBe(rows[1]?.['textIndex'])
  })
})

describe('plaintext', () => {
  const PLANTED = [
    'plain',
    '',
    's1.',
    `s1.${uuidv7()}.`,
    `s1.${uuidv7()}.${'A'.repeat(37)}`,
    `x\ns1.${uuidv7()}.${'A'.repeat(40)}`,
  ]

  it.each(PLANTED)('%j planted by raw SQL is refused by the CHECK', async (text) => {
    const refused = failureOf(database.sql('UPDATE "Person" SET text = $2 WHERE id = $1', [ann, text]))
    expect(await refused).toMatchObject({ code: '23514', constraint: 'Person_text_sealed' })
  })

  it('in an index column is refused by the CHECK', async () => {
    const refused = failureOf(
      database.sql('UPDATE "Person" SET "textIndex" = $2 WHERE id = $1', [ann, 'plain']),
    )
    expect(await refused).toMatchObject({ code: '23514', constraint: 'Person_textIndex_indexed' })
  })

  it('written by a client without the extension is refused, through $executeRaw too', async () => {
    const { client, plain } = database
    expect(await failureOf(plain.person.create({ data: { text: 'plain' } }))).toBeInstanceOf(Error)
    expect(await failureOf(client.$executeRaw`UPDATE "Person" SET text = 'plain'`)).toBeInstanceOf(Error)
    expect(await failureOf(plain.person.create({ data: { text: sealing('plain') } }))).toBeInstanceOf(Error)
    expect(await database.sql(`SELECT id FROM "Person" WHERE text LIKE '%plain%'`)).toEqual([])
  })

  it.each(PLANTED)('%j does not open where the CHECK is gone', async (text) => {
    const own = await openSealingDatabase()
    try {
      await own.sql('ALTER TABLE "Person" DROP CONSTRAINT "Person_text_sealed"')
      const { id } = await own.client.person.create({ data: {} })
      await own.sql('UPDATE "Person" SET text = $2 WHERE id = $1', [id, text])
      const row = await own.client.person.findUniqueOrThrow({ where: { id } })
      expect(String(row.text)).toBe('[sealed]')
      expect(() => row.text?.open()).toThrow(OpenFailed)
    } finally {
      await own.close()
    }
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { Sealed } from '../../src/crypto/sealed.ts'
import { sealing } from '../../src/storage/sealing.ts'
import type { Prisma } from '../support/generated/prisma/client.ts'
import { sealedMap } from '../support/generated/sealed-map.ts'
import { openSealingDatabase, type SealingDatabase } from '../support/sealing-database.ts'
import { PATHS, VALUES } from './seal-write-paths.ts'

let database: SealingDatabase
beforeAll(async () => {
  database = await openSealingDatabase()
})
afterAll(() => database.close())

const CASES = PATHS.flatMap((path) =>
  VALUES.map(([field, value]) => ({ name: path.name, field, path, value })),
)

/** A field that is there and undefined, which this project's strictness keeps out of the types. */
const unsaid = (field: string) => ({ [field]: undefined }) as object

describe('a sealed column', () => {
  it.each(CASES)('of $field is sealed by $name', async ({ path, field, value }) => {
    const { client, cipher, sql } = database
    const id = uuidv7()
    await sql('UPDATE "Person" SET "emailIndex" = NULL')
    if (path.exists === true) await client.person.create({ data: { id, name: 'there' } })
    await path.write(client, id, { [field]: sealing(value) })

    const spec = sealedMap.Person.fields[field]
    const [raw] = await sql('SELECT * FROM "Person" WHERE id = $1', [id])
    expect(raw?.[field]).toMatch(/^s1\./)
    expect(await cipher.open(spec, id, raw?.[field] as string)).toEqual(value)
    if ('index' in spec) expect(raw?.[spec.index.column]).toBe(cipher.index(spec, value))

    const row = await client.person.findUniqueOrThrow({ where: { id } })
    expect(row[field]).toBeInstanceOf(Sealed)
    expect(await row[field]?.open()).toEqual(value)
  })

  it.each(PATHS)('stays null through $name', async (path) => {
    const { client, sql } = database
    const id = uuidv7()
    if (path.exists === true) await client.person.create({ data: { id, name: 'there' } })
    await path.write(client, id, Object.fromEntries(VALUES.map(([field]) => [field, null])))
    const [raw] = await sql('SELECT * FROM "Person" WHERE id = $1', [id])
    for (const [field] of VALUES) expect(raw?.[field]).toBeNull()
  })

  it('takes a plain string as it is, even one that looks sealed', async () => {
    const { client } = database
    const { id } = await client.person.create({ data: { text: 'first' } })
    const [raw] = await database.sql('SELECT text FROM "Person" WHERE id = $1', [id])
    const updated = await client.person.update({ where: { id }, data: { text: raw?.['text'] as string } })
    expect(await updated.text?.open()).toBe(raw?.['text'])
  })

  it('loses its blind index when it is set to null, of one row and of many', async () => {
    const { client, sql } = database
    const { id } = await client.person.create({ data: { text: 'a', email: 'a@example.com' } })
    await client.person.update({ where: { id }, data: { text: null, ...unsaid('email') } })
    await client.person.updateMany({ where: { id }, data: { email: null } })
    const [raw] = await sql('SELECT text, "textIndex", email, "emailIndex" FROM "Person" WHERE id = $1', [id])
    expect(raw).toEqual({ text: null, textIndex: null, email: null, emailIndex: null })
  })

  it('is left alone by undefined', async () => {
    const { client } = database
    const { id } = await client.person.create({ data: { text: 'kept', ...unsaid('email') } })
    const row = await client.person.update({ where: { id }, data: { name: 'new', ...unsaid('text') } })
    expect(await row.text?.open()).toBe('kept')
    expect(row.email).toBeNull()
  })

  it('of a mapped column in a mapped table is sealed', async () => {
    const { client, sql } = database
    const { id } = await client.club.create({ data: { title: 'c', motto: 'onward' } })
    expect((await sql('SELECT motto_text FROM clubs WHERE club_id = $1', [id]))[0]?.['motto_text']).toMatch(
      /^s1\./,
    )
    expect(await (await client.club.findUniqueOrThrow({ where: { id } })).motto?.open()).toBe('onward')
  })
})

describe('the id of a new row', () => {
  it('is a UUIDv7 made here, nested rows and models without sealed columns included', async () => {
    const data = { label: 'b', letters: { create: { person: { create: {} } } } } as Prisma.BoxCreateInput
    const box = await database.client.box.create({ data, include: { letters: true } })
    const v7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7/
    expect(box.id).toMatch(v7)
    expect(box.letters[0]?.id).toMatch(v7)
    expect(box.letters[0]?.personId).toMatch(v7)
  })

  it('is not touched where it is not a String', async () => {
    const counter = await database.client.counter.create({ data: { value: 1 } })
    expect(typeof counter.id).toBe('number')
  })

  it('stays what the caller gave', async () => {
    const id = uuidv7()
    expect((await database.client.person.create({ data: { id, text: 'x' } })).id).toBe(id)
  })
})

describe('a write', () => {
  it('leaves its arguments as they were, so that they may be used again', async () => {
    const data = { text: 'same', json: sealing({ a: 1 }), mentees: { create: [{ text: 'inner' }] } }
    const before = structuredClone({ text: data.text, mentees: data.mentees })
    const first = await database.client.person.create({ data })
    const second = await database.client.person.create({ data })
    expect({ text: data.text, mentees: data.mentees }).toEqual(before)
    expect(await second.text?.open()).toBe(await first.text?.open())
    expect(second.text?.text).not.toBe(first.text?.text)
  })

  it('seals once when its promise is awaited twice, or awaited and then handed to a transaction', async () => {
    const { client } = database
    const id = uuidv7()
    await client.person.create({ data: { id } })
    const update = client.person.update({ where: { id }, data: { text: 'once' } })
    await update
    await update
    const [row] = await client.$transaction([update])
    expect(await row.text?.open()).toBe('once')
  })
})

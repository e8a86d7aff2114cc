import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { Sealed } from '../../src/crypto/sealed.ts'
import { sealing, type SealableValue } from '../../src/storage/sealing.ts'
import { sealedMap } from '../support/generated/sealed-map.ts'
import { openSealingDatabase, type SealingClient, type SealingDatabase } from '../support/sealing-database.ts'

type Field = keyof typeof sealedMap.Person.fields
type PersonData = Partial<Record<Field, string>>

let database: SealingDatabase
beforeAll(async () => {
  database = await openSealingDatabase()
})
afterAll(() => database.close())

/** A value of each type of column, with what is awkward about it. */
const VALUES: readonly (readonly [Field, Exclude<SealableValue, null>])[] = [
  ['text', 'Grüße 👋🏽 \u0000 s1.not-sealed'],
  ['email', 'Ann@Example.com'], // its index is unique: see the test
  ['json', { set: [1, { deep: null }], __proto: 'ß' }],
  ['bytes', new Uint8Array([0, 255, 10])],
  ['int', -(2 ** 31)],
  ['bigInt', 2n ** 63n - 1n],
  ['decimal', '-0.10'],
  ['dateTime', new Date('1969-07-20T20:17:40.000Z')],
  ['boolean', false],
  ['colour', 'ULTRAMARINE'],
]

/** Writes `data` into the person `id`, which exists already where `exists`. */
interface Path {
  readonly name: string
  readonly exists?: boolean
  write(client: SealingClient, id: string, data: PersonData): Promise<unknown>
}

const PATHS: readonly Path[] = [
  { name: 'create', write: (client, id, data) => client.person.create({ data: { id, ...data } }) },
  {
    name: 'createMany of a list',
    write: (client, id, data) => client.person.createMany({ data: [{ id, ...data }, { name: 'x' }] }),
  },
  {
    name: 'createMany of one',
    write: (client, id, data) => client.person.createMany({ data: { id, ...data } }),
  },
  {
    name: 'createManyAndReturn',
    write: (client, id, data) => client.person.createManyAndReturn({ data: [{ id, ...data }] }),
  },
  {
    name: 'update',
    exists: true,
    write: (client, id, data) => client.person.update({ where: { id }, data }),
  },
  {
    name: 'update by id and a condition',
    exists: true,
    write: (client, id, data) =>
      client.person.update({ where: { id, name: 'there', OR: [{ text: null }] }, data }),
  },
  {
    name: 'update with { set }',
    exists: true,
    write: (client, id, data) =>
      client.person.update({
        where: { id },
        data: Object.fromEntries(Object.entries(data).map(([field, value]) => [field, { set: value }])),
      }),
  },
  {
    name: 'upsert that creates',
    write: (client, id, data) => client.person.upsert({ where: { id }, create: data, update: {} }),
  },
  {
    name: 'upsert that updates',
    exists: true,
    write: (client, id, data) => client.person.upsert({ where: { id }, create: {}, update: data }),
  },
  {
    name: 'a write in upper case',
    write: (client, id, data) => client.person.create({ data: { id: id.toUpperCase(), ...data } }),
  },
  {
    name: 'create within a to-one relation',
    write: (client, id, data) => client.letter.create({ data: { person: { create: { id, ...data } } } }),
  },
  {
    name: 'connectOrCreate within a to-one relation',
    write: (client, id, data) =>
      client.letter.create({ data: { person: { connectOrCreate: { where: { id }, create: data } } } }),
  },
  {
    name: 'update within a to-one relation',
    exists: true,
    write: async (client, id, data) => {
      const letter = await client.letter.create({ data: { personId: id } })
      return client.letter.update({
        where: { id: letter.id },
        data: { person: { update: { where: { id }, data } } },
      })
    },
  },
  {
    name: 'upsert that creates within a to-one relation',
    write: async (client, id, data) => {
      const letter = await client.letter.create({ data: {} })
      return client.letter.update({
        where: { id: letter.id },
        data: { person: { upsert: { create: { id, ...data }, update: { name: 'no' } } } },
      })
    },
  },
  {
    name: 'upsert that updates within a to-one relation',
    exists: true,
    write: async (client, id, data) => {
      const letter = await client.letter.create({ data: { personId: id } })
      return client.letter.update({
        where: { id: letter.id },
        data: { person: { upsert: { where: { id }, create: {}, update: data } } },
      })
    },
  },
  {
    name: 'create within a one-to-one relation',
    write: (client, id, data) =>
      client.passport.create({
        data: { number: uuidv7(), numberIndex: '', country: 'NL', holder: { create: { id, ...data } } },
      }),
  },
  {
    name: 'create within a many-to-many relation',
    write: (client, id, data) =>
      client.club.create({ data: { title: 'c', members: { create: [{ name: 'x' }, { id, ...data }] } } }),
  },
  {
    name: 'connectOrCreate within a many-to-many relation',
    write: (client, id, data) =>
      client.club.create({
        data: { title: 'c', members: { connectOrCreate: [{ where: { id }, create: data }] } },
      }),
  },
  {
    name: 'update within a many-to-many relation',
    exists: true,
    write: async (client, id, data) => {
      const club = await client.club.create({ data: { title: 'c', members: { connect: { id } } } })
      return client.club.update({
        where: { id: club.id },
        data: { members: { update: { where: { id }, data } } },
      })
    },
  },
  {
    name: 'upsert within a many-to-many relation',
    write: async (client, id, data) => {
      const club = await client.club.create({ data: { title: 'c' } })
      return client.club.update({
        where: { id: club.id },
        data: { members: { upsert: [{ where: { id }, create: data, update: { name: 'no' } }] } },
      })
    },
  },
  {
    name: 'create within a self relation',
    write: (client, id, data) => client.person.create({ data: { mentees: { create: { id, ...data } } } }),
  },
  {
    name: 'createMany within a self relation',
    write: (client, id, data) =>
      client.person.create({ data: { mentees: { createMany: { data: [{ name: 'x' }, { id, ...data }] } } } }),
  },
  {
    name: 'create four levels down, through a model without sealed columns',
    write: (client, id, data) =>
      client.box.create({
        data: {
          label: 'b',
          letters: { create: [{ person: { create: { mentees: { create: { id, ...data } } } } }] },
        },
      }),
  },
  {
    name: 'a write in an interactive transaction',
    write: (client, id, data) =>
      client.$transaction(async (tx) => tx.person.create({ data: { id, ...data } })),
  },
  {
    name: 'a write in a list of a transaction',
    write: (client, id, data) =>
      client.$transaction([
        client.person.create({ data: { id } }),
        client.person.update({ where: { id }, data }),
      ]),
  },
]

const CASES = PATHS.flatMap((path) =>
  VALUES.map(([field, value]) => ({ name: path.name, field, path, value })),
)

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
    await client.person.update({ where: { id }, data: { text: null, email: undefined } })
    await client.person.updateMany({ where: { id }, data: { email: null } })
    const [raw] = await sql('SELECT text, "textIndex", email, "emailIndex" FROM "Person" WHERE id = $1', [id])
    expect(raw).toEqual({ text: null, textIndex: null, email: null, emailIndex: null })
  })

  it('is left alone by undefined', async () => {
    const { client } = database
    const { id } = await client.person.create({ data: { text: 'kept', email: undefined } })
    const row = await client.person.update({ where: { id }, data: { text: undefined, name: 'new' } })
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
    const box = await database.client.box.create({
      data: { label: 'b', letters: { create: { person: { create: {} } } } },
      include: { letters: true },
    })
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

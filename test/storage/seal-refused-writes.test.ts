import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { BadUserInput, UnsafeSealedOperation } from '../../src/errors.ts'
import { sealing } from '../../src/storage/sealing.ts'
import { openSealingDatabase, type SealingClient, type SealingDatabase } from '../support/sealing-database.ts'

let database: SealingDatabase
let client: SealingClient
const id = uuidv7()
const otherId = uuidv7()
const letterId = uuidv7()

beforeAll(async () => {
  database = await openSealingDatabase()
  client = database.client
  await client.person.create({ data: { id, text: 'kept', email: 'kept@example.com' } })
  await client.letter.create({ data: { id: letterId, personId: id } })
})
afterAll(() => database.close())

async function failureOf(query: PromiseLike<unknown>): Promise<unknown> {
  return query.then(
    () => undefined,
    (reason: unknown) => reason,
  )
}

type Write = (client: SealingClient) => PromiseLike<unknown>
const where = { emailIndex: sealing('kept@example.com') }

const UNSAFE: readonly (readonly [string, string, Write])[] = [
  [
    'an update that does not name the id',
    'Person.text',
    ({ person }) => person.update({ where, data: { text: 'a' } }),
  ],
  [
    'an update whose id is in AND alone',
    'Person.text',
    ({ person }) => person.update({ where: { ...where, AND: { id } }, data: { text: 'a' } }),
  ],
  ['updateMany', 'Person.text', ({ person }) => person.updateMany({ where: { id }, data: { text: 'a' } })],
  [
    'updateMany with { set }',
    'Person.text',
    ({ person }) => person.updateMany({ data: { text: { set: 'a' } } }),
  ],
  ['updateManyAndReturn', 'Person.text', ({ person }) => person.updateManyAndReturn({ data: { text: 'a' } })],
  [
    'an upsert that does not name the id',
    'Person.text',
    ({ person }) => person.upsert({ where, create: {}, update: { text: 'a' } }),
  ],
  [
    'a bare to-one update',
    'Person.text',
    ({ letter }) => letter.update({ where: { id: letterId }, data: { person: { update: { text: 'a' } } } }),
  ],
  [
    'a to-one update by another field',
    'Person.text',
    ({ letter }) =>
      letter.update({
        where: { id: letterId },
        data: { person: { update: { where: { name: 'x' }, data: { text: 'a' } } } },
      }),
  ],
  [
    'a to-one upsert without the id',
    'Person.text',
    ({ letter }) =>
      letter.update({
        where: { id: letterId },
        data: { person: { upsert: { create: {}, update: { text: 'a' } } } },
      }),
  ],
  [
    'a to-many update without the id',
    'Person.text',
    ({ person }) =>
      person.update({ where: { id }, data: { mentees: { update: { where, data: { text: 'a' } } } } }),
  ],
  [
    'a nested updateMany',
    'Person.text',
    ({ person }) =>
      person.update({
        where: { id },
        data: { mentees: { updateMany: { where: { id }, data: { text: 'a' } } } },
      }),
  ],
  [
    'a bare to-one update below a to-many one',
    'Person.text',
    ({ box }) =>
      box.update({
        where: { id },
        data: {
          letters: { update: { where: { id: letterId }, data: { person: { update: { text: 'a' } } } } },
        },
      }),
  ],
  ['a new id', 'Person.id', ({ person }) => person.update({ where: { id }, data: { id: otherId } })],
  [
    'a new id with { set }',
    'Person.id',
    ({ person }) => person.update({ where: { id }, data: { id: { set: otherId } } }),
  ],
  [
    'a new id of many',
    'Person.id',
    ({ person }) => person.updateMany({ where: { id }, data: { id: otherId } }),
  ],
  [
    'a nested new id',
    'Person.id',
    ({ letter }) => letter.update({ where: { id: letterId }, data: { person: { update: { id: otherId } } } }),
  ],
  ['an id that is no UUID', 'Person.id', ({ person }) => person.create({ data: { id: '{0}', text: 'a' } })],
  ['an index column', 'Person.textIndex', ({ person }) => person.create({ data: { textIndex: 'b1' } })],
  [
    'an index column beside its field',
    'Person.textIndex',
    ({ person }) => person.create({ data: { text: 'a', textIndex: 'b1' } }),
  ],
  [
    'an index column in an update',
    'Person.textIndex',
    ({ person }) => person.update({ where: { id }, data: { textIndex: '' } }),
  ],
  [
    'an index column set to null',
    'Person.textIndex',
    ({ person }) => person.update({ where: { id }, data: { textIndex: null } }),
  ],
  [
    'an index column in updateMany',
    'Person.textIndex',
    ({ person }) => person.updateMany({ data: { textIndex: { set: null } } }),
  ],
  [
    'an object in a String column',
    'Person.text',
    ({ person }) => person.create({ data: { text: { a: 1 } as unknown as string } }),
  ],
  [
    'a list in a Json column, not by sealing',
    'Person.json',
    ({ person }) => person.create({ data: { json: [1] as unknown as string } }),
  ],
  [
    'a bare text in a Json column',
    'Person.json',
    ({ person }) => person.create({ data: { json: '{"a":1}' } }),
  ],
  [
    'a Sealed value of the same cell',
    'Person.text',
    async ({ person }) => {
      const row = await person.findUniqueOrThrow({ where: { id } })
      return person.update({ where: { id }, data: { text: row.text as unknown as string } })
    },
  ],
  [
    'a Sealed value of another row',
    'Person.text',
    async ({ person }) => {
      const row = await person.findUniqueOrThrow({ where: { id } })
      return person.create({ data: { text: row.text as unknown as string } })
    },
  ],
  [
    'an unknown nested write',
    'Person.letters',
    ({ person }) => person.update({ where: { id }, data: { letters: { merge: {} } as object } }),
  ],
]

describe('a write that cannot be sealed safely', () => {
  it.each(UNSAFE)('%s is refused by name, and nothing is written', async (_name, field, write) => {
    const before = await database.sql('SELECT * FROM "Person", "Letter", "Box"')
    const error = await failureOf(write(client))
    expect(error).toBeInstanceOf(UnsafeSealedOperation)
    expect((error as Error).message).toContain(`${field}: `)
    expect(await database.sql('SELECT * FROM "Person", "Letter", "Box"')).toEqual(before)
  })

  it('says how to do it instead', async () => {
    const error = await failureOf(client.person.update({ where, data: { text: 'a' } }))
    expect((error as Error).message).toContain('find the row first, then update it by id')
  })

  it('takes the whole transaction with it', async () => {
    const name = uuidv7()
    const error = await failureOf(
      client.$transaction([
        client.person.create({ data: { name } }),
        client.person.updateMany({ data: { text: 'a' } }),
        client.person.create({ data: { name } }),
      ]),
    )
    expect(error).toBeInstanceOf(UnsafeSealedOperation)
    expect(await client.person.count({ where: { name } })).toBe(0)
  })

  it.each([
    ['the id as it is', { id, text: 'kept' }],
    ['the id as it is, in upper case', { id: id.toUpperCase() }],
    ['null without the id', { text: null, email: null }],
  ])('is not one with %s', async (_name, data) => {
    await client.person.update({ where: { id }, data })
    expect(await client.person.count({ where: { id } })).toBe(1)
  })
})

describe('a value of the wrong type', () => {
  it.each([
    ['int', sealing('7')],
    ['int', '7'],
    ['bigInt', sealing(7)],
    ['dateTime', '2020-01-01'],
    ['boolean', sealing(1)],
    ['bytes', sealing('AA==')],
    ['decimal', sealing(1.5)],
    ['text', sealing(1)],
  ])('is refused by %s', async (field, value) => {
    expect(await failureOf(client.person.create({ data: { [field]: value } }))).toBeInstanceOf(TypeError)
  })

  it.each([
    ['colour', sealing('PINK')],
    ['int', sealing(2 ** 31)],
    ['decimal', '1e5'],
  ])('or out of bounds is refused by %s', async (field, value) => {
    expect(await failureOf(client.person.create({ data: { [field]: value } }))).toBeInstanceOf(BadUserInput)
  })
})

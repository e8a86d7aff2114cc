import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { sealing } from '../../src/storage/sealing.ts'
import type { Prisma } from '../support/generated/prisma/client.ts'
import { openSealingDatabase, type SealingClient, type SealingDatabase } from '../support/sealing-database.ts'

let database: SealingDatabase
let client: SealingClient
const born = new Date('1980-02-03T04:05:06.007Z')

/** Ann mentors Bob; Bob has a letter in a box and a passport; Ann has a club; Nil has nothing. */
const ids = { ann: uuidv7(), bob: uuidv7(), nil: uuidv7(), box: uuidv7() }

beforeAll(async () => {
  database = await openSealingDatabase()
  client = database.client
  await client.person.create({
    data: {
      id: ids.ann,
      name: 'Ann',
      text: 'one',
      email: 'Ann@Example.com',
      int: sealing(7),
      bigInt: sealing(7n),
      decimal: sealing('7.5'),
      dateTime: sealing(born),
      bytes: sealing(new Uint8Array([7])),
      clubs: { create: { title: 'chess', motto: 'm' } },
    },
  })
  await client.person.create({
    data: {
      id: ids.bob,
      name: 'Bob',
      text: 'two',
      email: 'bob@example.com',
      int: sealing(8),
      mentor: { connect: { email: 'ANN@example.com ' } as Prisma.PersonWhereUniqueInput },
      letters: { create: { body: 'dear', box: { create: { id: ids.box, label: 'b' } } } },
      passport: { create: { number: 'P1', numberIndex: '', country: 'NL' } },
    },
  })
  await client.person.create({ data: { id: ids.nil, name: 'Nil' } })
})
afterAll(() => database.close())

type Where = Prisma.PersonWhereInput

const FOUND: readonly (readonly [string, Where, readonly string[]])[] = [
  ['a bare value', { text: 'one' }, ['Ann']],
  ['a value of a sealed email, normalised', { email: ' ANN@EXAMPLE.COM' }, ['Ann']],
  ['equals', { text: { equals: 'one' } }, ['Ann']],
  ['equals null', { text: { equals: null } }, ['Nil']],
  ['bare null', { text: null }, ['Nil']],
  ['undefined, which asks nothing', { text: undefined } as unknown as Where, ['Ann', 'Bob', 'Nil']],
  [
    'an operator that is undefined',
    { text: { contains: undefined, equals: 'one' } } as unknown as Where,
    ['Ann'],
  ],
  ['in', { text: { in: ['one', 'two', 'three'] } }, ['Ann', 'Bob']],
  ['in an empty list', { text: { in: [] } }, []],
  ['notIn', { text: { notIn: ['one'] } }, ['Bob']],
  ['not', { text: { not: 'one' } }, ['Bob']],
  ['not null', { text: { not: null } }, ['Ann', 'Bob']],
  ['not in', { text: { not: { in: ['one'] } } }, ['Bob']],
  ['not not', { text: { not: { not: { equals: 'one' } } } }, ['Ann']],
  ['two operators', { text: { in: ['one', 'two'], not: 'two' } }, ['Ann']],
  ['an operator and a null test', { text: { not: null, in: ['one'] } }, ['Ann']],
  ['AND', { AND: [{ text: 'one' }, { email: 'ann@example.com' }] }, ['Ann']],
  ['AND of one', { AND: { text: 'one' } }, ['Ann']],
  ['OR', { OR: [{ text: 'one' }, { email: 'bob@example.com' }] }, ['Ann', 'Bob']],
  ['NOT', { NOT: { text: 'one' } }, ['Bob']],
  ['connectives within connectives', { OR: [{ AND: [{ NOT: [{ OR: [{ text: 'two' }] }] }] }] }, ['Ann']],
  ['an index column of the caller and its field', { text: 'one', textIndex: { not: null } }, ['Ann']],
  ['an index column, its field and AND', { text: 'one', textIndex: 'b1', AND: { name: 'Ann' } }, []],
  ['an index column by sealing', { textIndex: sealing('one') }, ['Ann']],
  ['an index column by sealings', { textIndex: { in: [sealing('one'), sealing('two')] } }, ['Ann', 'Bob']],
  ['an Int', { int: sealing(7) }, ['Ann']],
  ['Ints', { int: { in: [sealing(7), sealing(8)] } }, ['Ann', 'Bob']],
  ['a BigInt', { bigInt: sealing(7n) }, ['Ann']],
  ['a Decimal', { decimal: sealing('7.5') }, ['Ann']],
  ['a DateTime', { dateTime: { equals: sealing(born) } }, ['Ann']],
  ['Bytes', { bytes: sealing(new Uint8Array([7])) }, ['Ann']],
  ['null of a field without index', { json: null, NOT: { text: null } }, ['Ann', 'Bob']],
  ['not null of a field without index', { json: { not: null } }, []],
  ['some', { mentees: { some: { text: 'two' } } }, ['Ann']],
  ['none', { mentees: { none: { text: 'two' } } }, ['Bob', 'Nil']],
  ['every', { mentees: { every: { text: 'no' } } }, ['Bob', 'Nil']],
  ['is', { mentor: { is: { email: 'ann@example.com' } } }, ['Bob']],
  ['isNot', { mentor: { isNot: { email: 'ann@example.com' } } }, ['Ann', 'Nil']],
  ['is null', { mentor: { is: null }, text: 'one' }, ['Ann']],
  ['a relation without `is`', { mentor: { email: 'ann@example.com' } }, ['Bob']],
  ['a one-to-one relation', { passport: { number: 'P1' } }, ['Bob']],
  [
    'a relation through a model without sealed fields',
    { letters: { some: { box: { letters: { some: { person: { text: 'two' } } } } } } },
    ['Bob'],
  ],
]

describe('a filter', () => {
  it.each(FOUND)('by %s finds the right rows', async (_name, where, names) => {
    const rows = await client.person.findMany({ where, orderBy: { name: 'asc' } })
    expect(rows.map(({ name }) => name)).toEqual(names)
    expect(await client.person.count({ where })).toBe(names.length)
  })

  it('does not match the same value in another column', async () => {
    const [row] = await database.sql('SELECT "textIndex" FROM "Person" WHERE id = $1', [ids.ann])
    expect(await client.person.count({ where: { emailIndex: row?.['textIndex'] as string } })).toBe(0)
  })

  it('looks a unique row up by its value', async () => {
    const unique = { email: 'bob@example.com' } as Prisma.PersonWhereUniqueInput
    expect((await client.person.findUnique({ where: unique }))?.name).toBe('Bob')
    expect(
      (await client.person.findUnique({ where: { emailIndex: sealing('bob@example.com') } }))?.name,
    ).toBe('Bob')
    expect((await client.passport.findUniqueOrThrow({ where: { numberIndex: sealing('P1') } })).country).toBe(
      'NL',
    )
    const compound = { country_numberIndex: { country: 'NL', numberIndex: sealing('P1') } }
    expect(await client.passport.findUnique({ where: compound })).not.toBeNull()
  })

  it('works in every operation that has a where', async () => {
    const where = { text: 'two' }
    expect((await client.person.findFirst({ where }))?.name).toBe('Bob')
    expect((await client.person.findFirstOrThrow({ where })).name).toBe('Bob')
    expect((await client.person.aggregate({ where, _count: true }))._count).toBe(1)
    expect(await client.person.groupBy({ where, by: ['name'] })).toEqual([{ name: 'Bob' }])
    expect((await client.person.updateMany({ where, data: { name: 'Bob' } })).count).toBe(1)
    expect((await client.person.updateManyAndReturn({ where, data: { name: 'Bob' } })).length).toBe(1)
    expect((await client.person.deleteMany({ where: { text: 'nobody' } })).count).toBe(0)
    const unique = { emailIndex: sealing('bob@example.com') }
    expect((await client.person.update({ where: unique, data: { name: 'Bob' } })).name).toBe('Bob')
    expect((await client.person.upsert({ where: unique, create: {}, update: { name: 'Bob' } })).name).toBe(
      'Bob',
    )
  })

  it('works within a selection and its counts', async () => {
    const rows = await client.person.findMany({
      where: { id: ids.ann },
      include: {
        mentees: { where: { text: 'two' } },
        _count: { select: { mentees: { where: { text: 'one' } } } },
      },
    })
    expect(rows[0]?.mentees.map(({ name }) => name)).toEqual(['Bob'])
    expect(rows[0]?._count.mentees).toBe(0)
    const selected = await client.person.findMany({
      select: { name: true, mentees: { where: { text: 'x' } } },
    })
    expect(selected.flatMap(({ mentees }) => mentees)).toEqual([])
  })

  it('works within nested writes', async () => {
    const where = { text: 'two' }
    const one = { emailIndex: sealing('bob@example.com') }
    const writes: NonNullable<Prisma.PersonUpdateInput['mentees']>[] = [
      { updateMany: { where, data: { name: 'Bob' } } },
      { update: { where: { ...one, text: 'two' }, data: { name: 'Bob' } } },
      { disconnect: one },
      { connect: one },
      { set: [one] },
      { connectOrCreate: { where: one, create: {} } },
      { upsert: { where: one, create: {}, update: { name: 'Bob' } } },
      { deleteMany: { text: 'nobody' } },
    ]
    for (const mentees of writes) await client.person.update({ where: { id: ids.ann }, data: { mentees } })
    expect(await client.person.count({ where: { mentor: { text: 'one' } } })).toBe(1)
    expect(await client.person.count({ where })).toBe(1)
  })

  it('reads no sealed text as the value', async () => {
    const [row] = await database.sql('SELECT text FROM "Person" WHERE id = $1', [ids.ann])
    expect(await client.person.count({ where: { text: row?.['text'] as string } })).toBe(0)
  })
})

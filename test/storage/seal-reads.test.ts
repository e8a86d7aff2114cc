import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inspect } from 'node:util'
import { v7 as uuidv7 } from 'uuid'
import { Sealed } from '../../src/crypto/sealed.ts'
import { openSealingDatabase, type SealingClient, type SealingDatabase } from '../support/sealing-database.ts'

let database: SealingDatabase
let client: SealingClient
const ids = { ann: uuidv7(), bob: uuidv7(), box: uuidv7(), letter: uuidv7() }

beforeAll(async () => {
  database = await openSealingDatabase()
  client = database.client
  await client.person.create({
    data: {
      id: ids.ann,
      name: 'Ann',
      text: 'ann text',
      clubs: { create: { title: 'chess', motto: 'ann motto' } },
      mentees: {
        create: {
          id: ids.bob,
          text: 'bob text',
          letters: {
            create: { id: ids.letter, body: 'bob body', box: { create: { id: ids.box, label: 'b' } } },
          },
          passport: { create: { number: 'bob number', numberIndex: '', country: 'NL' } },
        },
      },
    },
  })
})
afterAll(() => database.close())

type Read = (client: SealingClient) => PromiseLike<unknown>
const where = { id: ids.ann }

/** What is read, and the same with every Sealed opened. */
const READS: readonly (readonly [string, Read, unknown])[] = [
  [
    'findUnique',
    ({ person }) => person.findUnique({ where, select: { id: true, text: true } }),
    { id: ids.ann, text: 'ann text' },
  ],
  [
    'findUniqueOrThrow',
    ({ person }) => person.findUniqueOrThrow({ where, select: { text: true } }),
    { text: 'ann text' },
  ],
  ['findFirst', ({ person }) => person.findFirst({ where, select: { text: true } }), { text: 'ann text' }],
  [
    'findFirstOrThrow',
    ({ person }) => person.findFirstOrThrow({ where, select: { text: true } }),
    { text: 'ann text' },
  ],
  [
    'findMany',
    ({ person }) => person.findMany({ where, select: { text: true, email: true } }),
    [{ text: 'ann text', email: null }],
  ],
  ['a row that is not there', ({ person }) => person.findUnique({ where: { id: uuidv7() } }), null],
  [
    'a select of plain columns',
    ({ person }) => person.findUnique({ where, select: { name: true } }),
    { name: 'Ann' },
  ],
  [
    'a select that says no',
    ({ person }) => person.findUnique({ where, select: { name: true, text: false } }),
    { name: 'Ann' },
  ],
  [
    'include',
    ({ person }) => person.findUnique({ where, select: { mentees: { select: { text: true } } } }),
    { mentees: [{ text: 'bob text' }] },
  ],
  [
    'four levels, through a model without sealed columns',
    ({ box }) =>
      box.findUnique({
        where: { id: ids.box },
        select: {
          letters: {
            select: {
              body: true,
              person: { select: { text: true, passport: { select: { number: true } } } },
            },
          },
        },
      }),
    { letters: [{ body: 'bob body', person: { text: 'bob text', passport: { number: 'bob number' } } }] },
  ],
  [
    'many-to-many within a to-one relation',
    ({ person }) =>
      person.findUnique({
        where: { id: ids.bob },
        select: { mentor: { select: { clubs: { select: { motto: true } } } } },
      }),
    { mentor: { clubs: [{ motto: 'ann motto' }] } },
  ],
  [
    'a relation that is null',
    ({ person }) =>
      person.findUnique({ where, select: { passport: true, mentor: { select: { text: true } } } }),
    { passport: null, mentor: null },
  ],
  [
    '_count',
    ({ person }) =>
      person.findUnique({ where, select: { text: true, _count: { select: { mentees: true } } } }),
    { text: 'ann text', _count: { mentees: 1 } },
  ],
  [
    'a raw query, as it is',
    (all) => all.$queryRaw`SELECT count(*)::int AS n FROM "Person" WHERE text LIKE 's1.%'`,
    [{ n: 2 }],
  ],
]

/** Opens every Sealed of a result. */
async function opened(value: unknown): Promise<unknown> {
  if (value instanceof Sealed) return (value as Sealed<unknown>).open()
  if (Array.isArray(value)) return Promise.all(value.map(opened))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(async ([key, each]) => [key, await opened(each)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

describe('a read', () => {
  it.each(READS)('%s gives Sealed values that open, and nothing else', async (_name, read, expected) => {
    expect(await opened(await read(client))).toEqual(expected)
  })

  it('of whole rows gives Sealed values at every depth', async () => {
    const person = await client.person.findUniqueOrThrow({
      where: { id: ids.bob },
      include: { mentor: { include: { clubs: true } }, letters: { include: { box: true } }, passport: true },
    })
    const values = [
      person.text,
      person.mentor?.text,
      person.mentor?.clubs[0]?.motto,
      person.letters[0]?.body,
      person.passport?.number,
    ]
    expect(values.every((value) => value instanceof Sealed)).toBe(true)
    expect(await opened(values)).toEqual(['bob text', 'ann text', 'ann motto', 'bob body', 'bob number'])
  })

  it('prints nothing of what is sealed', async () => {
    const row = await client.person.findUniqueOrThrow({ where, select: { text: true } })
    expect([JSON.stringify(row), inspect(row), String(row.text)]).toEqual([
      '{"text":"[sealed]"}',
      '{ text: [sealed] }',
      '[sealed]',
    ])
  })

  it('omits what it is asked to, and the id after use', async () => {
    const row = await client.person.findUniqueOrThrow({ where, omit: { id: true, email: true } })
    expect(Object.keys(row)).not.toContain('id')
    expect(Object.keys(row)).not.toContain('email')
    expect(await row.text?.open()).toBe('ann text')
  })

  it('through the fluent API gives Sealed values', async () => {
    const mentees = await client.person.findUnique({ where }).mentees()
    expect(await opened(mentees?.map(({ text }) => text))).toEqual(['bob text'])
    const selected = await client.person.findUnique({ where }).mentees({ select: { text: true } })
    expect(await opened(selected)).toEqual([{ text: 'bob text' }])
    const motto = await client.person
      .findUnique({ where: { id: ids.bob } })
      .mentor()
      .clubs()
    expect(await motto?.[0]?.motto?.open()).toBe('ann motto')
    const passport = await client.letter
      .findUnique({ where: { id: ids.letter } })
      .person()
      .passport()
    expect(await passport?.number.open()).toBe('bob number')
    expect(await client.person.findUnique({ where }).passport()).toBeNull()
  })

  it('joined with others of the same tick gives each its own', async () => {
    const reads = [ids.ann, ids.bob, ids.ann].map((id) => client.person.findUnique({ where: { id } }))
    const rows = await Promise.all(reads)
    expect(await opened(rows.map((row) => row?.text))).toEqual(['ann text', 'bob text', 'ann text'])
  })
})

describe('the result of a write', () => {
  const data = { text: 'new' }
  const select = { text: true } as const
  it.each<readonly [string, Read]>([
    ['create', ({ person }) => person.create({ data, select })],
    [
      'createManyAndReturn',
      async ({ person }) => (await person.createManyAndReturn({ data: [data], select }))[0],
    ],
    [
      'update',
      async ({ person }) => {
        const { id } = await person.create({ data: {} })
        return person.update({ where: { id }, data, select })
      },
    ],
    [
      'updateManyAndReturn',
      async ({ person }) => {
        const { id } = await person.create({ data })
        return (await person.updateManyAndReturn({ where: { id }, data: { name: 'x' }, select }))[0]
      },
    ],
    ['upsert', ({ person }) => person.upsert({ where: { id: uuidv7() }, create: data, update: {}, select })],
    [
      'delete',
      async ({ person }) => {
        const { id } = await person.create({ data })
        return person.delete({ where: { id }, select })
      },
    ],
    ['a create in a transaction', (all) => all.$transaction((tx) => tx.person.create({ data, select }))],
  ])('%s is Sealed', async (_name, write) => {
    const row = (await write(client)) as { text: unknown }
    expect(row.text).toBeInstanceOf(Sealed)
    expect(await opened(row)).toEqual(data)
  })

  it('of many is their number', async () => {
    expect(await client.person.createMany({ data: [data, data] })).toEqual({ count: 2 })
    expect(await client.person.deleteMany({ where: { text: 'new', name: null } })).toMatchObject({})
  })
})

describe('further extensions of the client', () => {
  it('compute from Sealed values, where they need the id too', async () => {
    const result = {
      person: {
        sealedAs: { needs: { id: true, text: true }, compute: ({ text }: { text: unknown }) => text },
      },
    } as const
    const after = await client.$extends({ result }).person.findUniqueOrThrow({ where })
    expect(after.sealedAs).toBeInstanceOf(Sealed)
    const nested = await client
      .$extends({ result })
      .person.findMany({ where, select: { mentees: { select: { sealedAs: true } } } })
    expect(await opened(nested[0]?.mentees[0]?.sealedAs)).toBe('bob text')
  })

  it('with a query see sealed arguments and rows, for they stand behind this one', async () => {
    const seen: unknown[] = []
    const chained = client.$extends({
      query: {
        person: {
          async create({ args, query }) {
            seen.push((args.data as { text: unknown }).text)
            return query(args)
          },
        },
      },
    })
    const row = await chained.person.create({ data: { text: 'hidden' } })
    expect(seen).toEqual([expect.stringMatching(/^s1\./)])
    expect(await row.text?.open()).toBe('hidden')
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { UnsafeSealedOperation } from '../../src/errors.ts'
import { sealing } from '../../src/storage/sealing.ts'
import type { Prisma } from '../support/generated/prisma/client.ts'
import { openSealingDatabase, type SealingClient, type SealingDatabase } from '../support/sealing-database.ts'

let database: SealingDatabase
let client: SealingClient
const id = uuidv7()

beforeAll(async () => {
  database = await openSealingDatabase()
  client = database.client
  await client.person.create({ data: { id, text: 'one', email: 'one@example.com' } })
  await client.person.create({ data: { text: 'two' } })
  await client.person.create({ data: {} })
})
afterAll(() => database.close())

type Where = Prisma.PersonWhereInput
type Query = (client: SealingClient) => PromiseLike<unknown>
/** What Prisma's types allow of a String column, and a sealed one cannot do; and two that only a cast gets past them. */
const find =
  (where: Where): Query =>
  ({ person }) =>
    person.findMany({ where })

const REFUSED: readonly (readonly [string, string, Query])[] = [
  ...[
    'lt',
    'lte',
    'gt',
    'gte',
    'contains',
    'startsWith',
    'endsWith',
    'mode',
    'search',
    'path',
    'string_contains',
    'has',
  ].map((operator) => [operator, 'Person.text', find({ text: { [operator]: 'a' } })] as const),
  ['a range of an indexed Int', 'Person.int', find({ int: { gt: sealing(1) } })],
  ['a range within not', 'Person.text', find({ text: { not: { gt: 'a' } } })],
  ['two conditions within not', 'Person.text', find({ text: { not: { in: ['a'], not: 'b' } } })],
  ['a value of a field without index', 'Person.json', find({ json: sealing({}) })],
  ['equals on a field without index', 'Person.boolean', find({ boolean: { equals: sealing(true) } })],
  [
    'a field reference',
    'Person.text',
    ({ person }) => person.findMany({ where: { text: { equals: person.fields.name } } }),
  ],
  ['null within in', 'Person.text', find({ text: { in: [null as unknown as string] } })],
  [
    'a Sealed value',
    'Person.text',
    async ({ person }) => {
      const row = await person.findUniqueOrThrow({ where: { id: id } })
      return person.findMany({ where: { text: { equals: row.text as unknown as string } } })
    },
  ],
  ['contains within AND', 'Person.text', find({ AND: [{ OR: [{ NOT: { text: { contains: 'a' } } }] }] })],
  ['contains within some', 'Letter.body', find({ letters: { some: { body: { contains: 'a' } } } })],
  ['contains within is', 'Person.text', find({ mentor: { is: { text: { contains: 'a' } } } })],
  ['contains within a bare relation', 'Person.text', find({ mentor: { text: { contains: 'a' } } })],
  [
    'contains within include',
    'Person.text',
    ({ person }) => person.findMany({ include: { mentees: { where: { text: { contains: 'a' } } } } }),
  ],
  [
    'contains within select',
    'Letter.body',
    ({ box }) => box.findMany({ select: { letters: { where: { body: { contains: 'a' } } } } }),
  ],
  [
    'contains within _count',
    'Person.text',
    ({ person }) =>
      person.findMany({
        select: { _count: { select: { mentees: { where: { text: { contains: 'a' } } } } } },
      }),
  ],
  [
    'contains within the selection of a create',
    'Person.text',
    ({ person }) => person.create({ data: {}, include: { mentees: { where: { text: { contains: 'a' } } } } }),
  ],
  [
    'contains within a nested deleteMany',
    'Person.text',
    ({ person }) =>
      person.update({
        where: { id: id },
        data: { mentees: { deleteMany: { text: { contains: 'a' } } } },
      }),
  ],
  ['orderBy', 'Person.text', ({ person }) => person.findMany({ orderBy: { text: 'asc' } })],
  [
    'orderBy of a list',
    'Person.email',
    ({ person }) =>
      person.findMany({ orderBy: [{ name: 'asc' }, { email: { sort: 'asc', nulls: 'last' } }] }),
  ],
  [
    'orderBy of a relation',
    'Person.text',
    ({ letter }) => letter.findMany({ orderBy: { person: { text: 'asc' } } }),
  ],
  [
    'orderBy within include',
    'Person.text',
    ({ person }) => person.findMany({ include: { mentees: { orderBy: { text: 'asc' } } } }),
  ],
  [
    'orderBy by relevance',
    'Person.text',
    ({ person }) =>
      person.findMany({ orderBy: { _relevance: { fields: ['text'], search: 'a', sort: 'asc' } } as object }),
  ],
  ['distinct', 'Person.text', ({ person }) => person.findMany({ distinct: ['text'] })],
  ['distinct of one', 'Person.text', ({ person }) => person.findMany({ distinct: 'text' })],
  [
    'cursor',
    'Person.email',
    ({ person }) => person.findMany({ cursor: { email: 'a' } as unknown as Prisma.PersonWhereUniqueInput }),
  ],
  ['groupBy', 'Person.text', ({ person }) => person.groupBy({ by: ['text'] })],
  [
    'having',
    'Person.text',
    ({ person }) => person.groupBy({ by: ['name'], having: { text: { _count: { gt: 1 } } } }),
  ],
  [
    'having within AND',
    'Person.text',
    ({ person }) => person.groupBy({ by: ['name'], having: { AND: [{ text: { _max: { gt: 'a' } } }] } }),
  ],
  ['_min', 'Person.text', ({ person }) => person.aggregate({ _min: { text: true } })],
  ['_max', 'Person.text', ({ person }) => person.aggregate({ _max: { text: true } })],
  [
    'orderBy of a group',
    'Person.text',
    ({ person }) => person.groupBy({ by: ['name'], orderBy: { _min: { text: 'asc' } } }),
  ],
]

describe('what cannot be asked of a sealed column', () => {
  it.each(REFUSED)('%s is refused by name', async (_name, field, query) => {
    const error: unknown = await query(client).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(UnsafeSealedOperation)
    expect((error as Error).message).toContain(`${field}: `)
  })

  it('does not keep from counting how many rows have it', async () => {
    expect(await client.person.count({ select: { text: true, _all: true } })).toEqual({ text: 2, _all: 3 })
    expect((await client.person.aggregate({ _count: { text: true } }))._count.text).toBe(2)
  })
})

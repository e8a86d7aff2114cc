import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { BadUserInput, CardNumberRefused } from '../../src/errors.ts'
import { sealing } from '../../src/storage/sealing.ts'
import { openSealingDatabase, type SealingClient, type SealingDatabase } from '../support/sealing-database.ts'

const CARD = '4111 1111 1111 1111'
let database: SealingDatabase
let client: SealingClient
const id = uuidv7()

beforeAll(async () => {
  database = await openSealingDatabase((text) => text.replaceAll(' ', '').includes('4111111111111111'))
  client = database.client
  await client.person.create({ data: { id } })
})
afterAll(() => database.close())

async function failureOf(query: PromiseLike<unknown>): Promise<unknown> {
  return query.then(
    () => undefined,
    (reason: unknown) => reason,
  )
}

type Write = (client: SealingClient) => PromiseLike<unknown>

const CARDS: readonly (readonly [string, Write])[] = [
  ['a plain column', ({ person }) => person.create({ data: { name: `my card is ${CARD}` } })],
  ['a sealed column', ({ person }) => person.create({ data: { text: CARD } })],
  ['a sealed Json value', ({ person }) => person.create({ data: { json: sealing({ a: [{ b: CARD }] }) } })],
  ['a plain Json value', ({ person }) => person.create({ data: { details: { a: [{ b: CARD }] } } })],
  ['the name of a property', ({ person }) => person.create({ data: { details: { [CARD]: true } } })],
  ['a number', ({ person }) => person.create({ data: { details: [4111111111111111] } })],
  ['an update', ({ person }) => person.update({ where: { id }, data: { name: { set: CARD } } })],
  ['updateMany', ({ person }) => person.updateMany({ data: { name: CARD } })],
  ['createMany', ({ person }) => person.createMany({ data: [{}, { name: CARD }] })],
  [
    'the create of an upsert',
    ({ person }) => person.upsert({ where: { id }, create: { name: CARD }, update: {} }),
  ],
  [
    'the update of an upsert',
    ({ person }) => person.upsert({ where: { id }, create: {}, update: { name: CARD } }),
  ],
  [
    'a nested create',
    ({ box }) =>
      box.create({
        data: { id: uuidv7(), label: 'b', letters: { create: { person: { create: { name: CARD } } } } },
      }),
  ],
  ['a model without sealed columns', ({ box }) => box.create({ data: { id: uuidv7(), label: CARD } })],
  ['a raw statement', (all) => all.$executeRaw`UPDATE "Person" SET name = ${CARD}`],
  ['an unsafe raw statement', (all) => all.$executeRawUnsafe('UPDATE "Person" SET name = $1', CARD)],
  ['a raw query', (all) => all.$queryRaw`UPDATE "Person" SET name = ${CARD} RETURNING id`],
]

describe('a card number', () => {
  it.each(CARDS)('is refused in %s', async (_name, write) => {
    const error = await failureOf(write(client))
    expect(error).toBeInstanceOf(CardNumberRefused)
    expect(JSON.stringify(error)).not.toContain('4111')
  })

  it.each([
    ['bytes', { bytes: sealing(new Uint8Array([52, 49])) }],
    ['an ordinary text', { name: 'order 12345, 2024-01-01' }],
  ])('is not seen in %s', async (_name, data) => {
    expect((await client.person.create({ data })).id).toMatch(/-7/)
  })
})

describe('data nested too deeply', () => {
  function nested(depth: number): object {
    let details: object = {}
    for (let level = 0; level < depth; level += 1) details = { details }
    return details
  }

  it('is refused', async () => {
    const error = await failureOf(client.person.create({ data: { details: nested(200) } }))
    expect(error).toBeInstanceOf(BadUserInput)
  })

  it('is refused by Prisma itself, which copies it first, where it would overflow the stack', async () => {
    expect(await failureOf(client.person.create({ data: { details: nested(50_000) } }))).toBeInstanceOf(Error)
    expect(await client.person.count({ where: { id } })).toBe(1)
  })
})

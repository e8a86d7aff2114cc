import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { inspect } from 'node:util'
import pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import type { FieldCipher } from '../../src/crypto/field-cipher.ts'
import { KmsUnavailable } from '../../src/errors.ts'
import { createDatabase, type Database } from '../../src/storage/client.ts'
import { freshDatabase, onServer, type TestDatabase } from '../support/database.ts'
import { createMemoryCipher } from '../support/sealing-database.ts'

let server: TestDatabase
let database: Database
const cipher = createMemoryCipher()
const newCustomer = (company?: string) => ({
  id: uuidv7(),
  email: `${uuidv7()}@example.com`,
  company: company ?? null,
})

function openDatabase(own: FieldCipher = cipher): Database {
  return createDatabase({ url: server.url, poolSize: 3, cipher: own, containsCardNumber: () => false })
}

async function failureOf(work: PromiseLike<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
}

beforeAll(async () => {
  server = await freshDatabase()
  database = openDatabase()
})
afterAll(async () => {
  await database.$disconnect()
  await server.close()
})

describe('the database', () => {
  it('seals on the way in and hands back Sealed', async () => {
    const data = newCustomer()
    const customer = await database.customer.create({ data })
    expect(String(customer.email)).toBe('[sealed]')
    expect(await customer.email?.open()).toBe(data.email)
    expect((await database.customer.findFirst({ where: { email: data.email.toUpperCase() } }))?.id).toBe(
      data.id,
    )
  })

  it('says nothing of what was written when a write fails', async () => {
    const { id } = await database.customer.create({ data: newCustomer() })
    const mark = 'marked-value'
    const failures = [
      await failureOf(database.customer.create({ data: { ...newCustomer(mark), id } })),
      await failureOf(database.customer.create({ data: { ...newCustomer(mark), createdAt: 'no date' } })),
      await failureOf(database.customer.create({ data: { ...newCustomer(mark), createdAt: mark } })),
      await failureOf(database.customer.create({ data: { ...newCustomer(`${mark}\u0000`) } })),
      await failureOf(
        database.customer.create({ data: { company: mark, nothing: 1 } as unknown as { id: string } }),
      ),
      await failureOf(database.$executeRaw`UPDATE "Customer" SET company = ${mark}, email = ${mark}`),
      await failureOf(database.$queryRaw`SELECT ${mark}::int`),
    ]
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(Error)
      expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(mark)
    }
  })

  it('still says which argument is wrong, and keeps the code', async () => {
    const { id } = await database.customer.create({ data: newCustomer() })
    const wrong = await failureOf(
      database.customer.create({ data: { ...newCustomer(), createdAt: 'no date' } }),
    )
    expect((wrong as Error).message).toContain('`createdAt`')
    expect(await failureOf(database.customer.create({ data: { ...newCustomer(), id } }))).toMatchObject({
      code: 'P2002',
    })
    expect(await failureOf(database.$queryRaw`SELECT ${'x'}::int`)).toMatchObject({ code: 'P2010' })
  })
})

describe('a transaction', () => {
  function spied(events: string[], ready: FieldCipher['ready']): FieldCipher {
    return {
      ...cipher,
      ready: (keyrings) => {
        events.push('keys')
        return ready(keyrings)
      },
    }
  }

  it('begins when its keys are in memory, so that none is open while the KMS is asked', async () => {
    const events: string[] = []
    const own = openDatabase(spied(events, (keyrings) => cipher.ready(keyrings)))
    await own.$transaction(async (tx) => {
      events.push('begun')
      await tx.customer.create({ data: newCustomer() })
    })
    await own.$disconnect()
    expect(events).toEqual(['keys', 'begun', 'keys'])
  })

  it('that needs no key begins though the KMS does not answer', async () => {
    const own = openDatabase(spied([], () => Promise.reject(new KmsUnavailable())))
    expect(await own.$transaction(async (tx) => tx.customer.count({ where: { company: 'none' } }))).toBe(0)
    const failure = await failureOf(own.$transaction((tx) => tx.customer.create({ data: newCustomer() })))
    expect(failure).toBeInstanceOf(KmsUnavailable)
    await own.$disconnect()
  })

  it('that fails leaves nothing, and one of a list neither', async () => {
    const data = newCustomer()
    const failing = database.$transaction(async (tx) => {
      await tx.customer.create({ data })
      throw new Error('changed my mind')
    })
    expect(await failureOf(failing)).toMatchObject({ message: 'changed my mind' })
    const twice = database.$transaction([
      database.customer.create({ data }),
      database.customer.create({ data }),
    ])
    expect(await failureOf(twice)).toBeInstanceOf(Error)
    expect(await database.customer.count({ where: { id: data.id } })).toBe(0)
  })
})

describe('a database whose connections all die', () => {
  async function killConnections(): Promise<void> {
    const name = new URL(server.url).pathname.slice(1)
    await onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
  }

  it('while they are idle answers the next query', async () => {
    await Promise.all([1, 2, 3].map(() => database.customer.count()))
    await killConnections()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await database.customer.count()).toBeGreaterThanOrEqual(0)
  })

  it('in the middle of a query fails it, and answers the next', async () => {
    const running = failureOf(database.$queryRaw`SELECT pg_sleep(10)::text`)
    while (!(await isSleeping())) await new Promise((resolve) => setTimeout(resolve, 10))
    await killConnections()
    expect(await running).toBeInstanceOf(Error)
    expect(await database.customer.count()).toBeGreaterThanOrEqual(0)
  })

  it('in the middle of a transaction fails it, and answers the next query', async () => {
    const data = newCustomer()
    const failure = await failureOf(
      database.$transaction(async (tx) => {
        await tx.customer.create({ data })
        await killConnections()
        await new Promise((resolve) => setTimeout(resolve, 50))
        await tx.customer.count()
      }),
    )
    expect(failure).toBeInstanceOf(Error)
    expect(await database.customer.count({ where: { id: data.id } })).toBe(0)
  })

  async function isSleeping(): Promise<boolean> {
    const client = new pg.Client({ connectionString: server.url })
    client.on('error', () => undefined)
    await client.connect()
    const { rowCount } = await client.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)
    await client.end()
    return rowCount === 1
  }
})

/**
 * Reads and writes 1,000 rows of the real `Customer` table (4 sealed fields) in a real PostgreSQL. Three of them have
 * a blind index, which is measured by itself: written once without (the map's `index` left out) and once with.
 *
 * Baseline: the same Prisma client without the extension, on the same rows. It reads sealed texts as they are, and
 * writes texts that were sealed before the clock started, so that both move the same bytes.
 * Ours: the client that the application uses, the card-number check of every written text included. `all opened`
 * opens all 4,000 values.
 */
import path from 'node:path'
import { v7 } from 'uuid'
import type { FieldSpec } from '../../src/crypto/field-spec.ts'
import { containsCardNumber } from '../../src/domain/card-number.ts'
import {
  createDatabase,
  createPlainDatabase,
  type Database,
  type PlainDatabase,
} from '../../src/storage/client.ts'
import { startEphemeralPostgres } from '../../src/storage/embedded/embedded-postgres.ts'
import { sealedMap, type SealedResult } from '../../src/storage/generated/sealed-map.ts'
import { migrateDeploy } from '../../src/storage/migrate.ts'
import { sealExtension } from '../../src/storage/seal-extension.ts'
import type { StoredMap } from '../../src/storage/stored-map.ts'
import { createKeys } from './keys.ts'
import { measureInTurn, timeWork, type Effort } from './measure.ts'
import { makePeople, PEOPLE } from './people.ts'
import { atMost, type Row } from './table.ts'

const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations')
const FIRST_NAME = 'Augusta Ada'

interface Clients {
  readonly ours: Database
  /** Seals the same fields, and fills no blind index. */
  readonly unindexed: Pick<Database, 'customer'>
  readonly plain: PlainDatabase
}

function makeCustomers() {
  return makePeople().map(({ id, company, email, phoneNumber, lastName }) => ({
    id,
    company,
    email,
    phoneNumber,
    lastName,
    firstName: FIRST_NAME,
  }))
}

const WITHOUT_INDEXES = { emailIndex: null, phoneNumberIndex: null, lastNameIndex: null }

async function measureWrites({ ours, unindexed, plain }: Clients, rounds: number) {
  await ours.customer.createMany({ data: makeCustomers() })
  const stored = await plain.customer.findMany()
  const writeStored = (also: object) =>
    timeWork(
      (data: typeof stored) => plain.customer.createMany({ data }),
      async () => {
        await plain.customer.deleteMany()
        return stored.map((row) => ({ ...row, ...also, id: v7() }))
      },
    )
  const writeWith = (client: Pick<Database, 'customer'>) =>
    timeWork(
      (data: ReturnType<typeof makeCustomers>) => client.customer.createMany({ data }),
      async () => {
        await plain.customer.deleteMany()
        return makeCustomers()
      },
    )
  return measureInTurn(rounds, {
    plain: writeStored(WITHOUT_INDEXES),
    sealed: writeWith(unindexed),
    plainIndexed: writeStored({}),
    indexed: writeWith(ours),
  })
}

async function measureReads({ ours, plain }: Clients, rounds: number) {
  await plain.customer.deleteMany()
  await ours.customer.createMany({ data: makeCustomers() })
  await plain.$executeRaw`ANALYZE "Customer"`
  const nothing = () => undefined
  return measureInTurn(rounds, {
    plain: timeWork(() => plain.customer.findMany(), nothing),
    closed: timeWork(() => ours.customer.findMany(), nothing),
    opened: timeWork(async () => openAll(await ours.customer.findMany()), nothing),
  })
}

type Customers = Awaited<ReturnType<Database['customer']['findMany']>>

function openAll(customers: Customers): void {
  let opened = 0
  for (const { email, phoneNumber, lastName, firstName } of customers) {
    for (const sealed of [email, phoneNumber, lastName, firstName]) {
      if (typeof sealed?.open() === 'string') opened += 1
    }
  }
  if (opened !== PEOPLE * 4) throw new Error(`Opened ${opened} values at once, not ${PEOPLE * 4}.`)
}

function toRows(
  reads: Awaited<ReturnType<typeof measureReads>>,
  writes: Awaited<ReturnType<typeof measureWrites>>,
): Row[] {
  const shared = { against: 'Prisma without the extension', unit: 'ms', limitOf: 'RATIO' } as const
  const read = { ...shared, baseline: reads.plain }
  return [
    { what: 'findMany 1,000 rows, none opened', ours: reads.closed, limit: atMost(1.15), ...read },
    { what: 'findMany 1,000 rows, all opened', ours: reads.opened, limit: atMost(2.8), ...read },
    {
      what: 'createMany 1,000 rows, 4 sealed fields',
      baseline: writes.plain,
      ours: writes.sealed,
      limit: atMost(1.15),
      ...shared,
    },
    {
      what: 'the same, with 3 blind indexes',
      baseline: writes.plainIndexed,
      ours: writes.indexed,
      limit: null,
      ...shared,
    },
  ]
}

function withoutIndexes(): StoredMap {
  const fields = Object.entries<FieldSpec>(sealedMap.Customer.fields).map(
    ([name, { model, field, keyring, type }]) => [name, { model, field, keyring, type }] as const,
  )
  return { ...sealedMap, Customer: { ...sealedMap.Customer, fields: Object.fromEntries(fields) } }
}

async function measureOn(url: string, { rounds }: Effort): Promise<Row[]> {
  await migrateDeploy({ url, directory: MIGRATIONS })
  const cipher = (await createKeys()).openCipher()
  const connection = { url, poolSize: 2 }
  const plain = createPlainDatabase(connection)
  const clients = {
    ours: createDatabase({ ...connection, cipher, containsCardNumber }),
    unindexed: plain.$extends(
      sealExtension<SealedResult>({ map: withoutIndexes(), cipher, containsCardNumber }),
    ),
    plain,
  }
  try {
    const writes = await measureWrites(clients, rounds)
    return toRows(await measureReads(clients, rounds * 2), writes)
  } finally {
    await clients.ours.$disconnect()
    await clients.plain.$disconnect()
  }
}

export async function benchThousandRows(effort: Effort): Promise<Row[]> {
  const server = await startEphemeralPostgres()
  try {
    return await measureOn(server.url, effort)
  } finally {
    await server.stop()
  }
}

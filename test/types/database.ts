/**
 * What the types of the extended client say, checked by `tsc`: reading a sealed column gives `Sealed`, writing it takes a
 * plain value. Nothing here is run.
 */
import type { Sealed } from '../../src/crypto/sealed.ts'
import type { Database, DatabaseTx, PlainDatabase } from '../../src/storage/client.ts'
import { FILLED_IN, sealing, type JsonValue } from '../../src/storage/prisma-kit.ts'
import type { SealingClient } from '../support/sealing-database.ts'
import { expectType } from './expect-type.ts'

export async function readsAreSealed(database: Database, id: string): Promise<void> {
  const customer = await database.customer.findUniqueOrThrow({ where: { id } })
  expectType<Sealed | null>()(customer.email)
  expectType<string | null>()(customer.company)

  const many = await database.customer.findMany({ select: { email: true, company: true } })
  expectType<{ email: Sealed | null; company: string | null } | undefined>()(many[0])

  const method = await database.customerGatewayToken.findFirstOrThrow({ include: { customer: true } })
  expectType<Sealed>()(method.token)
  expectType<Sealed<JsonValue> | null>()(method.billingAddress)
  expectType<Sealed | null>()(method.customer.lastName)

  const omitted = await database.customer.findFirstOrThrow({ omit: { id: true, email: true } })
  // @ts-expect-error It was omitted.
  expectType<Sealed | null>()(omitted.email)
  expectType<Sealed | null>()(omitted.firstName)

  const nested = await database.customer.findFirstOrThrow({
    select: { paymentMethods: { select: { cardholderName: true } } },
  })
  expectType<{ cardholderName: Sealed | null } | undefined>()(nested.paymentMethods[0])

  const fluent = await database.customer.findUnique({ where: { id } }).paymentMethods()
  expectType<Sealed | undefined>()(fluent?.[0]?.token)
}

export async function resultsOfWritesAreSealed(database: Database, id: string): Promise<void> {
  const created = await database.customer.create({ data: { id, email: 'a@example.com' } })
  expectType<Sealed | null>()(created.email)
  const [returned] = await database.customer.createManyAndReturn({ data: [{ id }] })
  expectType<Sealed | null | undefined>()(returned?.email)
  const deleted = await database.customer.delete({ where: { id }, select: { email: true } })
  expectType<{ email: Sealed | null }>()(deleted)
}

export async function transactionsAreTheSame(database: Database, id: string): Promise<void> {
  const inside = async (tx: DatabaseTx) => tx.customer.findUniqueOrThrow({ where: { id } })
  const customer = await database.$transaction(async (tx) => inside(tx))
  expectType<Sealed | null>()(customer.email)
  const [first] = await database.$transaction([database.customer.findUniqueOrThrow({ where: { id } })])
  expectType<Sealed | null>()(first.email)
  // @ts-expect-error A transaction does not begin another one this way.
  await database.$transaction((tx) => Promise.resolve(tx.$disconnect))
}

export async function writesTakePlainValues(database: Database, id: string): Promise<void> {
  await database.customer.update({ where: { id }, data: { email: 'a@example.com', lastName: null } })
  await database.customerGatewayToken.update({
    where: { id },
    data: { billingAddress: sealing({ street: 'Example street' }), token: { set: 'tok' } },
  })
  await database.paymentToken.findUnique({ where: { tokenIndex: sealing('tok') } })
  await database.paymentToken.create({
    data: { id, gateway: 'sandbox', token: 'tok', tokenIndex: FILLED_IN, consumedBy: id },
  })
  const customer = await database.customer.findUniqueOrThrow({ where: { id } })
  // @ts-expect-error A Sealed value is bound to its row and column.
  await database.customer.update({ where: { id }, data: { email: customer.email } })
  // @ts-expect-error A Sealed value is no filter.
  await database.customer.findFirst({ where: { email: customer.email } })
  // @ts-expect-error A number is no email.
  await database.customer.update({ where: { id }, data: { email: 1 } })
  // @ts-expect-error There is nothing to seal.
  sealing(null)
  // @ts-expect-error No type of column holds a function.
  sealing(() => 1)
}

/** A kit user's schema, with every type of column. */
export async function openedValuesHaveTheirTypes(client: SealingClient, id: string): Promise<void> {
  const person = await client.person.findUniqueOrThrow({ where: { id } })
  expectType<Sealed | null>()(person.text)
  expectType<Sealed<JsonValue> | null>()(person.json)
  expectType<Sealed<Uint8Array> | null>()(person.bytes)
  expectType<Sealed<number> | null>()(person.int)
  expectType<Sealed<bigint> | null>()(person.bigInt)
  expectType<Sealed | null>()(person.decimal)
  expectType<Sealed<Date> | null>()(person.dateTime)
  expectType<Sealed<boolean> | null>()(person.boolean)
  expectType<Sealed<'RED' | 'GREEN' | 'ULTRAMARINE'> | null>()(person.colour)
  const number = await person.int?.open()
  expectType<number | undefined>()(number)
}

/** Without the extension a sealed column is the text that is stored. */
export async function plainReadsAreText(database: PlainDatabase, id: string): Promise<void> {
  const customer = await database.customer.findUniqueOrThrow({ where: { id } })
  expectType<string | null>()(customer.email)
}

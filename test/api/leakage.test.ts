import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestApp } from '../support/app.ts'
import type { Client, TestApp } from '../support/app.ts'
import { rawRows } from '../support/stored-rows.ts'
import { VALUES } from './access-table.ts'
import { createMarkedPayment } from './marked-payment.ts'
import type { MarkedPayment } from './marked-payment.ts'

const CARD = '4000056655665556'
const { email, firstName, lastName, phoneNumber, cardholderName, streetAddress } = VALUES
const PERSONAL = [email, firstName, lastName, phoneNumber, cardholderName, streetAddress]
/** What must be nowhere but where it belongs; digits alone too, since a phone number may be written without spaces. */
const MARKS = [...PERSONAL, '442079460018', CARD, '4242424242424242']

const marksIn = (text: string) => MARKS.filter((mark) => text.includes(mark))

let app: TestApp
let marked: MarkedPayment
let tokens: string[]

/** What callers get wrong, each with a marked value in the place where it is wrong. */
async function makeMistakes(client: Client, { customer }: MarkedPayment): Promise<string[]> {
  const answers = [
    await client(`{ node(id: "${email}") { id } }`),
    await client(`{ node(id: ${CARD}) { id } }`),
    await client('query ($id: ID!) { node(id: $id) { id } }', { id: { deep: email } }),
    await client('query ($n: Int) { search { customers(input: {}, first: $n) { edges { cursor } } } }', {
      n: email,
    }),
    await client(
      'query ($s: PaymentStatus) { search { transactions(input: { status: { is: $s } }) { edges { cursor } } } }',
      { s: email },
    ),
    await client(
      'mutation ($a: Amount!) { chargePaymentMethod(input: { paymentMethodId: "x", transaction: { amount: $a } }) { clientMutationId } }',
      { a: email },
    ),
    await client(`{ search { customers(input: { email: { contains: "${email}" } }) { edges { cursor } } } }`),
    await client(
      'mutation ($c: CustomerInput!) { createCustomer(input: { customer: $c }) { clientMutationId } }',
      { c: { company: CARD } },
    ),
    await client('mutation ($i: UpdateCustomerInput!) { updateCustomer(input: $i) { clientMutationId } }', {
      i: { customerId: customer, customer: { email: `not an address: ${firstName}` } },
    }),
    await client('{ ping }', {}, { 'x-note': CARD }),
    await client('{ ping }', {}, { authorization: `Bearer ${email}` }),
  ]
  return answers.map(({ text }) => text)
}

async function readAsEveryone({ customer, transaction }: MarkedPayment): Promise<string[]> {
  const document = `{ customer: node(id: "${customer}") { ... on Customer { email firstName lastName phoneNumber paymentMethods { edges { node { details { ... on CreditCardDetails { cardholderName billingAddress { streetAddress } } } } } } } }
    payment: node(id: "${transaction}") { ... on Transaction { paymentMethodSnapshot { ... on CreditCardDetails { cardholderName } } customer { email } } } }`
  const answers: string[] = []
  for (const role of ['FINANCE', 'AUDITOR', 'KEY_CUSTODIAN'] as const) {
    const client = await app.as(role)
    tokens.push(client.token ?? '')
    answers.push((await client(document)).text)
  }
  answers.push((await (await app.as('CUSTOMER', marked.strangerRow))(document)).text)
  answers.push((await app.anonymous()(document)).text)
  return answers
}

beforeAll(async () => {
  app = await startTestApp({}, { recordGateway: true })
  marked = await createMarkedPayment(app)
  tokens = []
}, 60_000)

afterAll(() => app.close())

describe('a marked value', () => {
  it('is in no answer to a caller who may not see it', async () => {
    const answers = await readAsEveryone(marked)
    expect(answers).toHaveLength(5)
    expect(answers.flatMap(marksIn)).toEqual([])
  })

  it('is in no error, whoever makes the mistake', async () => {
    for (const client of [await app.as('ADMIN'), await app.as('SUPPORT'), app.anonymous()]) {
      tokens.push(client.token ?? '')
      const answers = await makeMistakes(client, marked)
      expect(answers.every((text) => text.includes('"errors"'))).toBe(true)
      expect(answers.flatMap(marksIn)).toEqual([])
    }
  })

  it('is in no row of the database, the audit among them', async () => {
    const admin = await app.as('ADMIN')
    await admin(`{ node(id: "${marked.customer}") { ... on Customer { email lastName } } }`)
    const rows = await rawRows(app.databaseUrl)
    expect(rows).toContain('FIELDS_OPENED')
    expect(rows).toContain('CARD_NUMBER_REFUSED')
    expect(marksIn(rows)).toEqual([])
  })

  it('is not sent to the gateway, which needs no email, name or phone number of ours', () => {
    const sent = app.sentToGateway.join('\n')
    expect(sent).toContain('Idempotency-Key'.toLowerCase())
    expect(marksIn(sent)).toEqual([])
  })

  it('is in no line of the log, and neither is a token', async () => {
    const admin = await app.as('ADMIN')
    tokens.push(admin.token ?? '')
    await admin(
      `query Named { node(id: "${marked.customer}") { ... on Customer { email } } }`,
      {},
      { 'x-access-reason': VALUES.email },
    )
    const log = app.logs.join('')
    expect(log).toContain('"operationName":"Named"')
    expect(marksIn(log)).toEqual([])
    expect(tokens.filter((token) => token !== '' && log.includes(token))).toEqual([])
  })
})

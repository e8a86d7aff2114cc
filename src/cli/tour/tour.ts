/**
 * A walk through a payment, against a running server: each step says what will be, does it, and fails if it is not so.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Role } from '../../domain/principal.ts'
import type { Answer, Ask } from './api-client.ts'
import * as documents from './documents.ts'
import { heading, promise, say, show } from './narrator.ts'

export interface TourStop {
  readonly sandboxUrl: string
  readonly databaseUrl: string
  /** Sends operations as the demo identity of a role. */
  readonly as: Readonly<Record<Exclude<Role, 'CUSTOMER' | 'KEY_CUSTODIAN'>, Ask>>
}

const CARD = '4242424242424242'
const PERSON = {
  firstName: 'Grace',
  lastName: 'Hopper',
  email: `grace.${randomUUID().slice(0, 8)}@example.com`,
  phoneNumber: '+1 202 555 0143',
}

async function tokenise({ sandboxUrl, as }: TourStop): Promise<string> {
  heading('The card goes from the browser to the gateway, not through the API')
  const clientToken = (await as.SERVICE(documents.CLIENT_TOKEN)).text('createClientToken.clientToken')
  const response = await fetch(`${sandboxUrl}/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${clientToken}` },
    body: JSON.stringify({
      number: CARD,
      expirationMonth: 12,
      expirationYear: new Date().getUTCFullYear() + 3,
      cvv: '123',
      cardholderName: 'Grace Hopper',
    }),
  })
  const { token } = (await response.json()) as { readonly token?: string }
  promise('the sandbox gives a token for test card 4242 …', typeof token === 'string')
  const refused = await as.SERVICE(documents.CREATE, { input: { customer: { company: CARD } } })
  promise(
    'the API itself refuses a card number, wherever it is',
    refused.codes.includes('CARD_NUMBER_REFUSED'),
  )
  return token ?? ''
}

async function createCustomer({ as }: TourStop): Promise<string> {
  heading('The order service creates a customer')
  const id = (await as.SERVICE(documents.CREATE, { input: { customer: PERSON } })).text(
    'createCustomer.customer.id',
  )
  show({ customer: id, ...PERSON })
  return id
}

async function vault({ as }: TourStop, customerId: string, token: string): Promise<string> {
  heading('The single-use token becomes a stored method')
  const input = { paymentMethodId: token, customerId }
  const stored = await as.SERVICE(documents.VAULT, { input })
  const method = stored.text('vaultPaymentMethod.paymentMethod.id')
  show({ method, number: stored.text('vaultPaymentMethod.paymentMethod.details.maskedNumber') })
  const again = await as.SERVICE(documents.VAULT, { input })
  promise('the token is spent: a second use is refused', again.codes.includes('CONFLICT'))
  return method
}

async function charge({ as }: TourStop, customerId: string, paymentMethodId: string): Promise<string> {
  heading('A charge, and the same request again')
  const idempotencyKey = `tour-${randomUUID()}`
  const input = {
    paymentMethodId,
    idempotencyKey,
    transaction: { amount: '42.00', currencyCode: 'USD', customerId },
  }
  const first = await as.SERVICE(documents.CHARGE, { input })
  const transaction = first.text('chargePaymentMethod.transaction.id')
  show({ transaction, status: first.text('chargePaymentMethod.transaction.status'), amount: 'USD 42.00' })
  const replay = await as.SERVICE(documents.CHARGE, { input })
  const same = replay.text('chargePaymentMethod.transaction.id') === transaction
  promise('the same idempotency key gives the same transaction: one charge', same)
  const other = { ...input, transaction: { ...input.transaction, amount: '43.00' } }
  const reused = await as.SERVICE(documents.CHARGE, { input: other })
  promise('the same key with another amount is refused', reused.codes.includes('IDEMPOTENCY_KEY_REUSED'))
  return transaction
}

async function refund({ as }: TourStop, transactionId: string): Promise<void> {
  heading('A refund of a part')
  const input = { transactionId, refund: { amount: '12.00', reason: 'One item was missing' } }
  const byFinance = await as.FINANCE(documents.REFUND, { input })
  const path = 'refundTransaction.refund.refundedTransaction.refundedAmount.value'
  promise('FINANCE gives USD 12.00 back', byFinance.text(path) === '12.00')
  const bySupport = await as.SUPPORT(documents.REFUND, { input })
  promise('SUPPORT may not: refused before the gateway hears of it', bySupport.codes.includes('FORBIDDEN'))
}

const customerOf = (answer: Answer) => answer.read('node') as typeof PERSON

async function readCustomer({ as }: TourStop, id: string): Promise<void> {
  heading('One customer, two roles')
  const bySupport = customerOf(await as.SUPPORT(documents.CUSTOMER, { id }))
  say('SUPPORT reads:')
  show(bySupport)
  const masked = bySupport.email === 'g***@example.com' && bySupport.lastName === 'H*****'
  promise('SUPPORT sees masks', masked)
  const reason = { 'x-access-reason': 'Ticket 4711: the customer asks what we hold' }
  const byAdmin = customerOf(await as.ADMIN(documents.CUSTOMER, { id }, reason))
  say('ADMIN reads, and says why:')
  show(byAdmin)
  promise(
    'ADMIN sees what was written',
    byAdmin.email === PERSON.email && byAdmin.lastName === PERSON.lastName,
  )
}

interface AuditEdge {
  readonly node: {
    readonly actorId: string
    readonly reason: string | null
    readonly records: readonly { readonly id: string; readonly fields: readonly string[] }[]
  }
}

async function readAudit({ as }: TourStop, id: string): Promise<void> {
  heading('What was opened, by whom, and why')
  const answer = await as.AUDITOR(documents.AUDIT, { id })
  const edges = (answer.read('auditEvents.edges') ?? []) as readonly AuditEdge[]
  for (const { node } of edges) {
    const fields = node.records.find((record) => record.id === id)?.fields ?? []
    show({ [node.actorId]: `${fields.join(', ')}${node.reason === null ? '' : ` — ${node.reason}`}` })
  }
  const shown = (actor: string, field: string) =>
    edges.some(
      ({ node }) => node.actorId === actor && node.records.some(({ fields }) => fields.includes(field)),
    )
  promise('the AUDITOR sees that support got masks', shown('demo-support', 'email MASKED'))
  promise('and that the administrator got the values', shown('demo-admin', 'email CLEAR'))
  const none = await as.AUDITOR(documents.CUSTOMER, { id })
  promise('the AUDITOR sees no customer data', none.read('node') == null && none.codes.length > 0)
}

async function readRow({ databaseUrl }: TourStop, id: string): Promise<void> {
  heading('The row, as PostgreSQL holds it')
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, string>>(
      `SELECT email, "emailIndex", "lastName" FROM "Customer" WHERE replace(id::text, '-', '') = $1`,
      [id.replace(/^.*_/, '')],
    )
    const row = rows[0] ?? {}
    show(row)
    promise(
      'the values are sealed',
      row['email']?.startsWith('s1.') === true && row['lastName']?.startsWith('s1.') === true,
    )
    promise('nothing of them shows', !JSON.stringify(row).includes(PERSON.lastName))
  } finally {
    await client.end()
  }
}

/** Walks the whole tour. @throws {NotAsSaid} at the first promise that does not hold */
export async function walkTour(stop: TourStop): Promise<void> {
  const token = await tokenise(stop)
  const customerId = await createCustomer(stop)
  const method = await vault(stop, customerId, token)
  const transaction = await charge(stop, customerId, method)
  await refund(stop, transaction)
  await readCustomer(stop, customerId)
  await readAudit(stop, customerId)
  await readRow(stop, customerId)
  console.log('\nAll of it was as said.')
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestApp } from '../support/app.ts'
import type { TestApp } from '../support/app.ts'
import { sql } from '../support/stored-rows.ts'
import { VALUES } from './access-table.ts'
import { createMarkedPayment } from './marked-payment.ts'
import type { MarkedPayment } from './marked-payment.ts'

let app: TestApp
let marked: MarkedPayment

beforeAll(async () => {
  app = await startTestApp({ SEALPAY_AUDIT_DEADLINE_MS: '400' }, { recordGateway: true })
  marked = await createMarkedPayment(app)
}, 60_000)

afterAll(() => app.close())

/** While it runs, storing an audit event does what `body` says. */
async function whileAuditDoes<T>(body: string, run: () => Promise<T>): Promise<T> {
  await sql(
    app.databaseUrl,
    `CREATE FUNCTION audit_fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN NEW; END $$;
     CREATE TRIGGER audit_fault BEFORE INSERT ON "AuditEvent" FOR EACH ROW EXECUTE FUNCTION audit_fault()`,
  )
  try {
    return await run()
  } finally {
    await sql(app.databaseUrl, 'DROP TRIGGER audit_fault ON "AuditEvent"; DROP FUNCTION audit_fault()')
  }
}

const EMAIL = 'query Look($id: ID!) { node(id: $id) { ... on Customer { email firstName } } }'
const CHARGE =
  'mutation ($input: ChargePaymentMethodInput!) { chargePaymentMethod(input: $input) { transaction { id } } }'
const AUDIT = `query ($input: AuditEventSearchInput) {
  auditEvents(input: $input, first: 100) {
    edges { node { kind outcome actorId actorRoles reason operationName requestId refused records { id typeName fields } amount { value currencyCode } } }
  }
}`

describe('no audit, no answer', () => {
  it.each([
    ['fails', "RAISE EXCEPTION 'the disk is full'"],
    ['takes longer than its deadline', 'PERFORM pg_sleep(1)'],
  ])('withholds what was opened when storing %s', async (_, body) => {
    const admin = await app.as('ADMIN')
    const answer = await whileAuditDoes(body, () => admin(EMAIL, { id: marked.customer }))
    expect(answer.text).not.toContain(VALUES.email)
    expect(answer.body.data ?? null).toBeNull()
    expect(answer.body.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR')
  })

  it('answers what opens nothing all the same', async () => {
    const admin = await app.as('ADMIN')
    const { body } = await whileAuditDoes("RAISE EXCEPTION 'the disk is full'", () =>
      admin('query ($id: ID!) { node(id: $id) { id ... on Customer { company } } }', { id: marked.customer }),
    )
    expect(body).toEqual({ data: { node: { id: marked.customer, company: null } } })
  })

  it('does not let money move, and the gateway hears nothing', async () => {
    const service = await app.as('SERVICE')
    const before = app.sentToGateway.length
    const input = { paymentMethodId: marked.method, transaction: { amount: '9.00' } }
    const { body } = await whileAuditDoes("RAISE EXCEPTION 'the disk is full'", () =>
      service(CHARGE, { input }),
    )
    expect(body.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR')
    expect(app.sentToGateway.length).toBe(before)
    const rows = await sql(app.databaseUrl, 'SELECT 1 FROM "Transaction" WHERE "amountMinor" = 900')
    expect(rows).toEqual([])
  })
})

describe('the audit', () => {
  it('is for AUDITOR alone', async () => {
    for (const role of ['CUSTOMER', 'SUPPORT', 'FINANCE', 'ADMIN', 'KEY_CUSTODIAN', 'SERVICE'] as const) {
      const { body } = await (await app.as(role, marked.customerRow))(AUDIT)
      expect(body.data).toEqual({ auditEvents: null })
      expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    }
  })

  it('says who opened which fields of which record, how they were shown, and why: one event a request', async () => {
    const support = await app.as('SUPPORT')
    const twice = `query Twice($id: ID!) { a: node(id: $id) { ...F } b: node(id: $id) { ...F } } fragment F on Customer { email firstName }`
    await support(twice, { id: marked.customer }, { 'x-access-reason': 'Ticket 17' })
    const auditor = await app.as('AUDITOR')
    const input = { recordId: { is: marked.customer }, kind: { is: 'FIELDS_OPENED' } }
    const events = (await auditor.data(AUDIT, { input })).nodes('auditEvents')
    expect(events.filter(({ operationName }) => operationName === 'Twice')).toEqual([
      expect.objectContaining({
        outcome: 'OPENED',
        actorRoles: ['SUPPORT'],
        reason: 'Ticket 17',
        records: [{ id: marked.customer, typeName: 'Customer', fields: ['email MASKED', 'firstName CLEAR'] }],
      }),
    ])
  })

  it('lists every refusal, every movement of money with its intent, and every key operation', async () => {
    await (
      await app.as('SUPPORT')
    )(
      'mutation ($input: RefundTransactionInput!) { refundTransaction(input: $input) { clientMutationId } }',
      {
        input: { transactionId: marked.transaction },
      },
    )
    const auditor = await app.as('AUDITOR')
    const kinds = ['ACCESS_REFUSED', 'MONEY_INTENDED', 'MONEY_MOVED', 'KEY_OPERATION']
    const events = (await auditor.data(AUDIT, { input: { kind: { in: kinds } } })).nodes('auditEvents')
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'ACCESS_REFUSED', refused: ['Mutation.refundTransaction'] }),
    )
    for (const kind of ['MONEY_INTENDED', 'MONEY_MOVED']) {
      expect(events).toContainEqual(
        expect.objectContaining({
          kind,
          amount: { value: '25.00', currencyCode: 'USD' },
          records: [expect.objectContaining({ id: marked.transaction })],
        }),
      )
    }
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'KEY_OPERATION', actorId: 'system:keyring' }),
    )
  })

  it('lists a record of a type beyond the caller’s roles, though the answer does not say that it is there', async () => {
    const support = await app.as('SUPPORT')
    const { body } = await support(
      'query Peek { node(id: "datakey_01980000000070008000000000000000") { id } }',
    )
    expect(body.errors?.[0]?.extensions.code).toBe('NOT_FOUND')
    const auditor = await app.as('AUDITOR')
    const events = (await auditor.data(AUDIT, { input: { kind: { is: 'ACCESS_REFUSED' } } })).nodes(
      'auditEvents',
    )
    expect(events).toContainEqual(expect.objectContaining({ operationName: 'Peek', refused: ['DataKey'] }))
  })

  it('records a token that was not accepted, and nothing of the token', async () => {
    const { status, headers } = await app.anonymous()(
      '{ ping }',
      {},
      { authorization: 'Bearer made.up.token' },
    )
    expect(status).toBe(401)
    const auditor = await app.as('AUDITOR')
    const input = { kind: { is: 'AUTHENTICATION_FAILED' } }
    const events = (await auditor.data(AUDIT, { input })).nodes('auditEvents')
    expect(events).toContainEqual(
      expect.objectContaining({ requestId: headers.get('x-request-id'), actorId: 'unknown' }),
    )
    expect(JSON.stringify(events)).not.toContain('made.up.token')
  })

  it('records that it was read', async () => {
    const auditor = await app.as('AUDITOR')
    await auditor.data('query First { auditEvents(first: 1) { edges { node { id } } } }')
    const events = (await auditor.data(AUDIT, { input: { kind: { is: 'AUDIT_READ' } } })).nodes('auditEvents')
    expect(events).toContainEqual(expect.objectContaining({ operationName: 'First' }))
  })
})

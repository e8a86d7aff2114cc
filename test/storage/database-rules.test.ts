/** What the database refuses by itself, asked in raw SQL as its owner: no application stands in between. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { v7 as newId } from 'uuid'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import {
  customer,
  dataKey,
  event,
  indexText,
  paymentMethod,
  refund,
  sealedText,
  transaction,
  type Row,
} from '../support/raw-rows.ts'

let database: TestDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await freshDatabase()
  pool = new pg.Pool({ connectionString: database.url, max: 2 })
})

afterAll(async () => {
  await pool.end()
  await database.close()
})

async function insert(table: string, row: Row): Promise<string> {
  const columns = Object.keys(row)
  const values = columns.map((_, at) => `$${at + 1}`)
  await pool.query(
    `INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join()}) VALUES (${values.join()})`,
    Object.values(row),
  )
  return String(row['id'])
}

async function update(table: string, id: string, change: Row): Promise<void> {
  const assignments = Object.keys(change).map((column, at) => `"${column}" = $${at + 2}`)
  await pool.query(`UPDATE "${table}" SET ${assignments.join()} WHERE "id" = $1`, [
    id,
    ...Object.values(change),
  ])
}

/** The constraint, trigger or index that refuses; undefined when nothing does. */
async function refusal(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error.constraint
    throw error
  }
  return undefined
}

describe('a sealed column', () => {
  const id = newId()
  it.each([
    ['plaintext', 'ada@example.com'],
    ['an empty text', ''],
    ['another version', `s2.${id}.${'A'.repeat(60)}`],
    ['a key id that is no UUIDv7', `s1.${id.slice(0, 14)}4${id.slice(15)}.${'A'.repeat(60)}`],
    ['less than a nonce and a tag', `s1.${id}.${'A'.repeat(37)}`],
    ['padding', `s1.${id}.${'A'.repeat(60)}==`],
    ['base64 of the other alphabet', `s1.${id}.${'A'.repeat(60)}+/`],
    ['a line after it', `s1.${id}.${'A'.repeat(60)}\nada@example.com`],
    ['a text before it', `ada@example.com s1.${id}.${'A'.repeat(60)}`],
  ])('refuses %s', async (_, email) => {
    expect(await refusal(insert('Customer', customer({ email })))).toBe('Customer_email_sealed')
  })

  it('takes a sealed text and null, and refuses plaintext at an update too', async () => {
    const row = await insert('Customer', customer({ email: sealedText(), emailIndex: indexText() }))
    await update('Customer', row, { email: null, emailIndex: null })
    expect(await refusal(update('Customer', row, { firstName: 'Ada' }))).toBe('Customer_firstName_sealed')
  })

  it('refuses a blind index of another shape', async () => {
    for (const emailIndex of ['x', sealedText(), `${indexText()}A`, indexText().slice(0, -1)]) {
      expect(await refusal(insert('Customer', customer({ emailIndex })))).toBe('Customer_emailIndex_indexed')
    }
  })
})

describe('money', () => {
  it.each([
    [{ amountMinor: 0 }, 'Transaction_amountMinor_positive'],
    [{ amountMinor: -1 }, 'Transaction_amountMinor_positive'],
    [{ authorizedMinor: 1001 }, 'Transaction_authorizedMinor_range'],
    [{ authorizedMinor: -1 }, 'Transaction_authorizedMinor_range'],
    [{ authorizedMinor: 1000, capturedMinor: 1001 }, 'Transaction_capturedMinor_range'],
    [{ capturedMinor: 1 }, 'Transaction_capturedMinor_range'],
    [{ authorizedMinor: 1000, capturedMinor: 400, refundedMinor: 401 }, 'Transaction_refundedMinor_range'],
    [{ refundedMinor: -1 }, 'Transaction_refundedMinor_range'],
    [{ currencyCode: 'usd' }, 'Transaction_currencyCode_shape'],
    [{ currencyCode: 'US' }, 'Transaction_currencyCode_shape'],
    [{ last4: '42 2' }, 'Transaction_last4_shape'],
    [{ bin: '42424' }, 'Transaction_bin_shape'],
    [{ expirationMonth: 13 }, 'Transaction_expirationMonth_range'],
  ])('of a transaction refuses %j', async (row, constraint) => {
    expect(await refusal(insert('Transaction', transaction(row)))).toBe(constraint)
  })

  it('of a refund is positive and in its transaction’s currency', async () => {
    const transactionId = await insert('Transaction', transaction())
    expect(await refusal(insert('Refund', refund({ transactionId, amountMinor: 0 })))).toBe(
      'Refund_amountMinor_positive',
    )
    expect(await refusal(insert('Refund', refund({ transactionId, currencyCode: 'EUR' })))).toBe(
      'Refund_currencyCode_same',
    )
  })

  it('of a stored method shows four last digits and at most eight first', async () => {
    const customerId = await insert('Customer', customer())
    for (const [row, constraint] of [
      [{ last4: '424a' }, 'CustomerGatewayToken_last4_shape'],
      [{ bin: '4242x2' }, 'CustomerGatewayToken_bin_shape'],
      [{ expirationYear: 30 }, 'CustomerGatewayToken_expirationYear_range'],
    ] as const) {
      const method = paymentMethod({ customerId, ...row })
      expect(await refusal(insert('CustomerGatewayToken', method))).toBe(constraint)
    }
    await expect(
      insert('CustomerGatewayToken', paymentMethod({ customerId, bin: '424242424' })),
    ).rejects.toThrow(/too long/)
  })
})

describe('a status event', () => {
  it('belongs to one transaction or one refund', async () => {
    const transactionId = await insert('Transaction', transaction())
    const refundId = await insert('Refund', refund({ transactionId }))
    for (const row of [{}, { transactionId, refundId }]) {
      expect(await refusal(insert('PaymentStatusEvent', event(row)))).toBe('PaymentStatusEvent_one_payment')
    }
    await insert('PaymentStatusEvent', event({ transactionId }))
    await insert('PaymentStatusEvent', event({ refundId }))
  })
})

const FINAL = ['SETTLED', 'SETTLEMENT_DECLINED', 'PROCESSOR_DECLINED', 'GATEWAY_REJECTED', 'FAILED', 'VOIDED']

async function statuses(): Promise<string[]> {
  const { rows } = await pool.query<{ status: string }>(
    'SELECT unnest(enum_range(NULL::"PaymentStatus"))::text AS status',
  )
  return rows.map((row) => row.status)
}

async function allowed(kind: string): Promise<Map<string, Set<string>>> {
  const { rows } = await pool.query<{ from_status: string; to_status: string }>(
    'SELECT from_status, to_status FROM sealpay_allowed_transitions() WHERE kind = $1',
    [kind],
  )
  return new Map(
    Object.entries(Object.groupBy(rows, (row) => row.from_status)).map(([from, to]) => [
      from,
      new Set(to?.map((row) => row.to_status)),
    ]),
  )
}

/** Statuses on a shortest way from AUTHORIZING. */
function wayTo(target: string, steps: Map<string, Set<string>>): string[] {
  const ways: string[][] = [[]]
  for (const way of ways) {
    const at = way.at(-1) ?? 'AUTHORIZING'
    if (at === target) return way
    if (way.length < 6) ways.push(...[...(steps.get(at) ?? [])].map((next) => [...way, next]))
  }
  throw new Error(`${target} is not reachable`)
}

describe.each(['Transaction', 'Refund'])('the status of a %s', (table) => {
  const start = async (): Promise<string> =>
    table === 'Transaction'
      ? insert(table, transaction())
      : insert(table, refund({ transactionId: await insert('Transaction', transaction()) }))

  it('begins as AUTHORIZING', async () => {
    for (const status of (await statuses()).filter((other) => other !== 'AUTHORIZING')) {
      const row =
        table === 'Transaction'
          ? transaction({ status })
          : refund({ status, transactionId: await insert('Transaction', transaction()) })
      expect(await refusal(insert(table, row))).toBe(`${table}_status_first`)
    }
  })

  it('takes every step of the table and refuses every other', async () => {
    const steps = await allowed(table)
    const reached = ['AUTHORIZING', ...new Set([...steps.values()].flatMap((to) => [...to]))]
    for (const from of reached) {
      const id = await start()
      for (const status of wayTo(from, steps)) await update(table, id, { status })
      for (const to of (await statuses()).filter((other) => other !== from && !steps.get(from)?.has(other))) {
        expect([from, to, await refusal(update(table, id, { status: to }))]).toEqual([
          from,
          to,
          `${table}_status_transition`,
        ])
      }
    }
  })

  it('does not leave a final status', async () => {
    const steps = await allowed(table)
    expect(FINAL.filter((status) => steps.has(status))).toEqual([])
  })
})

describe('a written row', () => {
  it('keeps what identifies a transaction and what it promised', async () => {
    const id = await insert('Transaction', transaction({ gatewayReference: newId() }))
    for (const change of [
      { amountMinor: 2000 },
      { currencyCode: 'EUR' },
      { createdAt: new Date(0) },
      { createdBy: 'another' },
      { gateway: 'another' },
      { customerId: await insert('Customer', customer()) },
      { gatewayReference: newId() },
      { gatewayReference: null },
      { id: newId() },
    ]) {
      expect([change, await refusal(update('Transaction', id, change))]).toEqual([
        change,
        'Transaction_immutable',
      ])
    }
    await update('Transaction', id, { orderId: 'later', authorizedMinor: 1000, status: 'AUTHORIZED' })
  })

  it('keeps what identifies a refund', async () => {
    const transactionId = await insert('Transaction', transaction())
    const id = await insert('Refund', refund({ transactionId }))
    await update('Refund', id, { gatewayReference: newId() })
    for (const change of [
      { amountMinor: 1 },
      { transactionId: await insert('Transaction', transaction()) },
      { gatewayReference: newId() },
    ]) {
      expect(await refusal(update('Refund', id, change))).toBe('Refund_immutable')
    }
  })
})

describe('a table that takes inserts only', () => {
  const emptied = (table: string) => [
    `UPDATE "${table}" SET ${table === 'AuditRecord' ? '"typeName" = NULL' : '"createdAt" = now()'}`,
    `DELETE FROM "${table}"`,
    `TRUNCATE "${table}" CASCADE`,
    `SET session_replication_role = replica; DELETE FROM "${table}"`,
  ]

  it.each(['PaymentStatusEvent', 'AuditEvent', 'AuditRecord'])('is %s, for its owner too', async (table) => {
    for (const sql of emptied(table)) {
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      expect(await refusal(client.query(sql))).toMatch(/_append_only$/)
      await client.end()
    }
  })

  it('is reached through no other table', async () => {
    for (const table of ['Transaction', 'Refund', 'Customer']) {
      expect(await refusal(pool.query(`TRUNCATE "${table}" CASCADE`))).toBe('PaymentStatusEvent_append_only')
    }
  })
})

describe('a data key', () => {
  it('is the only active one of its keyring and purpose', async () => {
    const keyring = newId()
    const first = await insert('DataKey', dataKey({ keyring }))
    expect(await refusal(insert('DataKey', dataKey({ keyring })))).toBe('DataKey_keyring_purpose_active')
    await insert('DataKey', dataKey({ keyring, purpose: 'INDEX' }))
    await update('DataKey', first, { state: 'RETIRED' })
    await insert('DataKey', dataKey({ keyring }))
  })

  it('never changes what it is, and is never deleted', async () => {
    const id = await insert('DataKey', dataKey())
    for (const change of [{ id: newId() }, { keyring: 'another' }, { purpose: 'INDEX' }]) {
      expect(await refusal(update('DataKey', id, change))).toBe('DataKey_immutable')
    }
    expect(await refusal(pool.query('DELETE FROM "DataKey" WHERE "id" = $1', [id]))).toBe('DataKey_kept')
    expect(await refusal(pool.query('TRUNCATE "DataKey"'))).toBe('DataKey_kept')
  })
})

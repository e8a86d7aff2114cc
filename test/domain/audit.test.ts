import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { v7 } from 'uuid'
import { createAudit } from '../../src/domain/audit.ts'
import { unknownActor, type AuditEntry } from '../../src/domain/audit-entry.ts'
import type { PaymentDeps } from '../../src/domain/move-money.ts'
import { callerAs, openTestDomain, paymentOf, type TestDomain } from '../support/domain.ts'

let domain: TestDomain
const auditor = callerAs(['AUDITOR'])
const page = { limit: 100, after: null }

beforeAll(async () => {
  domain = await openTestDomain()
})
afterAll(() => domain.close())

describe('the audit', () => {
  it('tells which fields of which records were opened, each once, and how they were shown', async () => {
    const caller = { ...callerAs(['SUPPORT', 'ADMIN']), reason: 'ticket 4711' }
    const [one, two] = [v7(), v7()]
    const opening = { type: 'Customer', id: one, field: 'email', shown: 'MASKED' } as const
    await domain.deps.audit.record(caller, {
      kind: 'FIELDS_OPENED',
      openings: [
        opening,
        opening,
        { ...opening, field: 'lastName' },
        { ...opening, id: two, shown: 'CLEAR' },
      ],
    })
    const { rows } = await domain.auditQueries.search(auditor, { recordId: { is: one } }, page)
    expect(rows).toMatchObject([
      {
        kind: 'FIELDS_OPENED',
        outcome: 'OPENED',
        actorId: caller.principal.id,
        actorRoles: ['ADMIN', 'SUPPORT'],
        requestId: caller.requestId,
        reason: 'ticket 4711',
        refused: [],
        amount: null,
      },
    ])
    expect(rows[0]?.records.toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1))).toEqual([
      { typeName: 'Customer', recordId: one, fields: ['email MASKED', 'lastName MASKED'] },
      { typeName: 'Customer', recordId: two, fields: ['email CLEAR'] },
    ])
  })

  it('takes a thousand records in one event', async () => {
    const caller = callerAs(['ADMIN'])
    const openings = Array.from({ length: 1000 }, () => ({
      type: 'Customer',
      id: v7(),
      field: 'email',
      shown: 'CLEAR' as const,
    }))
    await domain.deps.audit.record(caller, { kind: 'FIELDS_OPENED', openings })
    const { rows } = await domain.auditQueries.search(auditor, { actorId: { is: caller.principal.id } }, page)
    expect(rows.map(({ records }) => records.length)).toEqual([1000])
  })

  it('follows money from the intention to the answer', async () => {
    const payer = callerAs(['ADMIN'])
    const payment = await domain.payments.charge(payer, await paymentOf(domain, '12.50'))
    const { rows } = await domain.auditQueries.search(auditor, { recordId: { is: payment.id } }, page)
    const amount = { minor: 1250n, currencyCode: 'USD' }
    expect(rows).toMatchObject([
      { kind: 'MONEY_MOVED', outcome: 'APPROVED', actorId: payer.principal.id, amount },
      { kind: 'MONEY_INTENDED', outcome: 'INTENDED', actorId: payer.principal.id, amount },
    ])
  })

  it('records its own reading, before it shows anything', async () => {
    const reader = callerAs(['AUDITOR'])
    const search = { kind: { in: ['AUDIT_READ'] as const }, actorId: { is: reader.principal.id } }
    const { rows } = await domain.auditQueries.search(reader, search, page)
    expect(rows).toMatchObject([{ kind: 'AUDIT_READ', outcome: 'READ' }])
    const [event] = rows
    expect(await domain.auditQueries.get(reader, event?.id ?? '')).toEqual(event)
    await expect(domain.auditQueries.get(reader, v7())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each<[AuditEntry, object]>([
    [
      { kind: 'ACCESS_REFUSED', coordinates: ['Customer.email', 'Customer.email', 'Query.dataKeys'] },
      { outcome: 'FORBIDDEN', refused: ['Customer.email', 'Query.dataKeys'] },
    ],
    [{ kind: 'CARD_NUMBER_REFUSED', place: 'variables' }, { outcome: 'CARD_NUMBER_REFUSED' }],
    [{ kind: 'AUTHENTICATION_FAILED' }, { outcome: 'UNAUTHENTICATED', actorId: 'unknown' }],
  ])('takes %j', async (entry, stored) => {
    const requestId = v7()
    await domain.deps.audit.record(unknownActor(requestId), entry)
    const { rows } = await domain.auditQueries.search(auditor, { kind: { is: entry.kind } }, page)
    expect(rows).toContainEqual(expect.objectContaining({ ...stored, requestId }))
  })

  it('cannot be changed or deleted', async () => {
    const { database } = domain.deps
    await expect(database.auditEvent.updateMany({ data: { outcome: 'x' } })).rejects.toThrow('refuses UPDATE')
    await expect(database.auditEvent.deleteMany()).rejects.toThrow('refuses DELETE')
    await expect(database.auditRecord.deleteMany()).rejects.toThrow('refuses DELETE')
  })

  it('that is not stored in time is an error', async () => {
    const stuck = { auditEvent: { create: () => new Promise<never>(() => undefined) } }
    const database = stuck as unknown as PaymentDeps['database']
    const audit = createAudit({ ...domain.deps, database, deadlineMs: 20 })
    await expect(audit.record(auditor, { kind: 'AUTHENTICATION_FAILED' })).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
    })
  })
})

describe('data keys', () => {
  it('are shown without their material', async () => {
    const { rows } = await domain.dataKeys.list(auditor, page)
    expect(rows.map(({ keyring, purpose, state }) => `${keyring} ${purpose} ${state}`).sort()).toEqual([
      'customer ENCRYPTION ACTIVE',
      'customer INDEX ACTIVE',
      'gateway ENCRYPTION ACTIVE',
      'gateway INDEX ACTIVE',
    ])
    expect(rows.some((row) => 'wrapped' in row)).toBe(false)
    const [key] = rows
    expect(await domain.dataKeys.get(auditor, key?.id ?? '')).toEqual(key)
    await expect(domain.dataKeys.get(auditor, v7())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

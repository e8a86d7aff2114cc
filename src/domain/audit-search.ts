import { NotFound } from '../errors.ts'
import type { Database } from '../storage/client.ts'
import type { AuditEventRecord } from './audit-entry.ts'
import type { Audit, AuditQueries, AuditSearch } from './audit.ts'
import { keyset, pageOf } from './page.ts'
import { requireRowId } from './row-id.ts'
import { rowIdFilter, timestampFilter, valueFilter } from './search.ts'

const WITH_RECORDS = { records: { select: { typeName: true, recordId: true } } } as const

function findEvent(database: Database, id: string) {
  return database.auditEvent.findUnique({ where: { id }, include: WITH_RECORDS })
}

type EventRow = NonNullable<Awaited<ReturnType<typeof findEvent>>>

/** What `auditRow` wrote, read back without trust in its shape. */
function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function member(details: unknown, name: string): unknown {
  return typeof details === 'object' && details !== null ? Reflect.get(details, name) : undefined
}

function amountOf(details: unknown): AuditEventRecord['amount'] {
  const minor = member(details, 'amountMinor')
  const currencyCode = member(details, 'currencyCode')
  if (typeof minor !== 'string' || typeof currencyCode !== 'string') return null
  return { minor: BigInt(minor), currencyCode }
}

function toEvent({ details, records, ...row }: EventRow): AuditEventRecord {
  const opened = member(details, 'opened')
  return {
    ...row,
    records: records.map(({ typeName, recordId }) => ({
      typeName,
      recordId,
      fields: strings(member(opened, `${typeName} ${recordId}`)),
    })),
    refused: strings(member(details, 'refused')),
    amount: amountOf(details),
  }
}

function conditionsOf(search: AuditSearch): string[] {
  return Object.entries(search).flatMap(([name, condition]) => (condition == null ? [] : name))
}

export function createAuditQueries(deps: {
  readonly database: Database
  readonly audit: Audit
}): AuditQueries {
  const { database, audit } = deps
  return {
    async get(caller, id) {
      requireRowId(id, 'audit event')
      await audit.record(caller, { kind: 'AUDIT_READ', conditions: ['id'] })
      const row = await findEvent(database, id)
      if (row === null) throw new NotFound('audit event')
      return toEvent(row)
    },
    async search(caller, search, page) {
      const { before, order } = keyset(page)
      const where = {
        ...before,
        actorId: valueFilter(search.actorId),
        kind: valueFilter(search.kind),
        createdAt: timestampFilter(search.createdAt),
        ...(search.recordId == null ? {} : { records: { some: { recordId: rowIdFilter(search.recordId) } } }),
      }
      await audit.record(caller, { kind: 'AUDIT_READ', conditions: conditionsOf(search) })
      const rows = await database.auditEvent.findMany({ where, ...order, include: WITH_RECORDS })
      return pageOf(rows.map(toEvent), page)
    },
  }
}

import type { AuditActor, AuditEntry, MoneyEntry, Opening } from './audit-entry.ts'

interface RecordReference {
  readonly typeName: string
  readonly recordId: string
}

type Details = Readonly<Record<string, string | string[] | Record<string, string[]>>>

interface Described {
  readonly outcome: string
  readonly details: Details
  readonly records: readonly RecordReference[]
}

/** A caller's own words are kept to this length. */
const MAX_WORDS = 500

/** Openings by record: `{ "Customer 0198…": ["email CLEAR"] }`, each field once. */
function describeOpenings(openings: readonly Opening[]): Described {
  const records = new Map<string, RecordReference & { readonly fields: Set<string> }>()
  for (const { type, id, field, shown } of openings) {
    const key = `${type} ${id}`
    const record = records.get(key) ?? { typeName: type, recordId: id, fields: new Set<string>() }
    records.set(key, record)
    record.fields.add(`${field} ${shown}`)
  }
  return {
    outcome: 'OPENED',
    details: {
      opened: Object.fromEntries([...records].map(([key, { fields }]) => [key, [...fields].sort()])),
    },
    records: [...records.values()].map(({ typeName, recordId }) => ({ typeName, recordId })),
  }
}

function describeMoney(entry: MoneyEntry, outcome: string, responseCode: string | null): Described {
  return {
    outcome,
    details: {
      action: entry.action,
      attemptId: entry.attemptId,
      amountMinor: entry.amountMinor.toString(),
      currencyCode: entry.currencyCode,
      ...(responseCode === null ? {} : { responseCode }),
    },
    records: [{ typeName: entry.payment.type, recordId: entry.payment.id }],
  }
}

function describe(entry: AuditEntry): Described {
  switch (entry.kind) {
    case 'FIELDS_OPENED':
      return describeOpenings(entry.openings)
    case 'ACCESS_REFUSED':
      return { outcome: 'FORBIDDEN', details: { refused: [...new Set(entry.coordinates)] }, records: [] }
    case 'MONEY_INTENDED':
      return describeMoney(entry, 'INTENDED', null)
    case 'MONEY_MOVED':
      return describeMoney(entry, entry.outcome, entry.responseCode)
    case 'KEY_OPERATION':
      return {
        outcome: entry.outcome,
        details: { operation: entry.operation, keyring: entry.keyring, purpose: entry.purpose },
        records: [{ typeName: 'DataKey', recordId: entry.keyId }],
      }
    case 'CUSTOMER_CHANGED':
      return {
        outcome: entry.change,
        details: { fields: [...entry.fields] },
        records: [{ typeName: 'Customer', recordId: entry.customerId }],
      }
    case 'PAYMENT_METHOD_CHANGED':
      return {
        outcome: entry.change,
        details: {},
        records: [
          { typeName: 'PaymentMethod', recordId: entry.paymentMethodId },
          { typeName: 'Customer', recordId: entry.customerId },
        ],
      }
    case 'AUDIT_READ':
      return { outcome: 'READ', details: { conditions: [...entry.conditions] }, records: [] }
    case 'CARD_NUMBER_REFUSED':
      return { outcome: 'CARD_NUMBER_REFUSED', details: { place: entry.place }, records: [] }
    case 'AUTHENTICATION_FAILED':
      return { outcome: 'UNAUTHENTICATED', details: {}, records: [] }
  }
}

/** The row of an audit event, with those of the records that it is about. */
export function auditRow(
  stamp: { readonly id: string; readonly createdAt: Date },
  actor: AuditActor,
  entry: AuditEntry,
) {
  const { outcome, details, records } = describe(entry)
  return {
    ...stamp,
    kind: entry.kind,
    actorId: actor.id,
    actorRoles: [...actor.roles],
    requestId: actor.requestId,
    operationName: actor.operationName?.slice(0, MAX_WORDS) ?? null,
    reason: actor.reason?.slice(0, MAX_WORDS) ?? null,
    outcome,
    details,
    ...(records.length === 0 ? {} : { records: { createMany: { data: [...records] } } }),
  }
}

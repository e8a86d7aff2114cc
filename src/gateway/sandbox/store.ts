import { randomBytes } from 'node:crypto'
import { openJournal, type Journal } from './journal.ts'
import type { AnswerRecord, MethodRecord, PaymentRecord, RefundRecord, SandboxRecord } from './records.ts'

/** Everything that the sandbox remembers. Reads and writes are synchronous, so that each change is one step. */
export interface Store {
  method(id: string): MethodRecord | undefined
  payment(id: string): PaymentRecord | undefined
  refund(id: string): RefundRecord | undefined
  answer(id: string): AnswerRecord | undefined
  payments(): Iterable<PaymentRecord>
  refunds(): Iterable<RefundRecord>
  readonly clockAheadMs: number
  readonly fingerprintKey: Buffer
  /** Writes all of these or, if the process dies, none. */
  write(...records: readonly SandboxRecord[]): void
  close(): void
}

interface Tables {
  readonly method: Map<string, MethodRecord>
  readonly payment: Map<string, PaymentRecord>
  readonly refund: Map<string, RefundRecord>
  readonly answer: Map<string, AnswerRecord>
  clockAheadMs: number
  fingerprintKey: Buffer | null
}

function put(tables: Tables, record: SandboxRecord): void {
  switch (record.kind) {
    case 'method':
      tables.method.set(record.id, record)
      return
    case 'payment':
      tables.payment.set(record.id, record)
      return
    case 'refund':
      tables.refund.set(record.id, record)
      return
    case 'answer':
      tables.answer.set(record.id, record)
      return
    case 'clock':
      tables.clockAheadMs = record.aheadMs
      return
    case 'key':
      tables.fingerprintKey = Buffer.from(record.key, 'base64url')
  }
}

/** Opens the store in a file, or in memory alone when there is none. */
export function openStore(storeFile: string | null): Store {
  const tables: Tables = {
    method: new Map(),
    payment: new Map(),
    refund: new Map(),
    answer: new Map(),
    clockAheadMs: 0,
    fingerprintKey: null,
  }
  const journal: Journal | null =
    storeFile === null ? null : openJournal(storeFile, (record) => put(tables, record))
  const write = (...records: readonly SandboxRecord[]) => {
    // The journal first: what is not in it never happened.
    journal?.append(records)
    for (const record of records) put(tables, record)
  }
  if (tables.fingerprintKey === null) {
    write({ kind: 'key', id: 'fingerprint', key: randomBytes(32).toString('base64url') })
  }
  const fingerprintKey = tables.fingerprintKey ?? Buffer.alloc(0)
  return {
    method: (id) => tables.method.get(id),
    payment: (id) => tables.payment.get(id),
    refund: (id) => tables.refund.get(id),
    answer: (id) => tables.answer.get(id),
    payments: () => tables.payment.values(),
    refunds: () => tables.refund.values(),
    get clockAheadMs() {
      return tables.clockAheadMs
    },
    fingerprintKey,
    write,
    close: () => journal?.close(),
  }
}

import { InternalError } from '../errors.ts'
import type { Database, DatabaseTx } from '../storage/client.ts'
import type { AuditActor, AuditEntry, AuditEventRecord, AuditKind } from './audit-entry.ts'
import { auditRow } from './audit-row.ts'
import type { Page, PageRequest } from './page.ts'
import type { Caller } from './principal.ts'
import type { Optional, SearchTimestamp, SearchValue } from './search.ts'

/**
 * The writing side of the audit: no audit, no answer. An event that is not stored within the deadline is
 * an `InternalError`, and the caller withholds, or does not do, what the event was about.
 */
export interface Audit {
  record(actor: Caller | AuditActor, entry: AuditEntry): Promise<void>
  /** In a transaction of the caller's: the event is stored with what it is about, or neither is. */
  recordIn(tx: DatabaseTx, actor: Caller | AuditActor, entry: AuditEntry): Promise<void>
}

/** Which events; conditions must all hold. Record ids are row ids. */
export interface AuditSearch {
  readonly actorId?: Optional<SearchValue>
  readonly recordId?: Optional<SearchValue>
  readonly kind?: Optional<SearchValue<AuditKind>>
  readonly createdAt?: Optional<SearchTimestamp>
}

/** The reading side of the audit; reading is itself recorded, before anything is shown. */
export interface AuditQueries {
  /** @throws {NotFound} */
  get(caller: Caller, id: string): Promise<AuditEventRecord>
  /** @throws {BadUserInput} */
  search(caller: Caller, search: AuditSearch, page: PageRequest): Promise<Page<AuditEventRecord>>
}

interface AuditDeps {
  readonly database: Pick<Database, 'auditEvent'>
  readonly now: () => Date
  readonly newId: () => string
  readonly deadlineMs: number
}

function actorOf(who: Caller | AuditActor): AuditActor {
  if (!('principal' in who)) return who
  const { principal, requestId, operationName, reason } = who
  return { id: principal.id, roles: [...principal.roles].sort(), requestId, operationName, reason }
}

async function within(deadlineMs: number, storing: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new InternalError()), deadlineMs)
  })
  try {
    await Promise.race([storing, late])
  } catch (error) {
    throw error instanceof InternalError ? error : new InternalError(undefined, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** @param deps `deadlineMs` is how long storing an event may take. */
export function createAudit(deps: AuditDeps): Audit {
  const insert = (database: Pick<Database, 'auditEvent'>, who: Caller | AuditActor, entry: AuditEntry) =>
    within(
      deps.deadlineMs,
      database.auditEvent.create({
        data: auditRow({ id: deps.newId(), createdAt: deps.now() }, actorOf(who), entry),
        select: { id: true },
      }),
    )
  return {
    record: (actor, entry) => insert(deps.database, actor, entry),
    recordIn: (tx, actor, entry) => insert(tx, actor, entry),
  }
}

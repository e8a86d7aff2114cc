import type { DatabaseTx } from '../storage/client.ts'
import type { AuditActor, AuditEntry, AuditEventRecord, AuditKind } from './audit-entry.ts'
import type { Page, PageRequest } from './page.ts'
import type { Caller } from './principal.ts'
import type { Optional, SearchTimestamp, SearchValue } from './search.ts'

/** Which events; conditions must all hold. Record ids are row ids. */
export interface AuditSearch {
  readonly actorId?: Optional<SearchValue>
  readonly recordId?: Optional<SearchValue>
  readonly kind?: Optional<SearchValue<AuditKind>>
  readonly createdAt?: Optional<SearchTimestamp>
}

/** The writing side of the audit. Not stored within the deadline: `InternalError`, and the caller withholds what it was about. */
export interface Audit {
  record(actor: Caller | AuditActor, entry: AuditEntry): Promise<void>
  /** In a transaction of the caller's: the event is stored with what it is about, or neither is. */
  recordIn(tx: DatabaseTx, actor: Caller | AuditActor, entry: AuditEntry): Promise<void>
}

/** The reading side; reading is itself recorded, before anything is shown. */
export interface AuditQueries {
  /** @throws {NotFound} */
  get(caller: Caller, id: string): Promise<AuditEventRecord>
  search(caller: Caller, search: AuditSearch, page: PageRequest): Promise<Page<AuditEventRecord>>
}

import type { Gateway } from '../gateway/gateway.ts'
import type { Database, DatabaseTx } from '../storage/client.ts'
import type { Audit } from './audit.ts'

/** What the use cases stand on. */
export interface DomainDeps {
  readonly database: Database
  readonly gateway: Gateway
  readonly audit: Audit
  readonly now: () => Date
  /** A fresh UUIDv7: ids made later sort later. */
  readonly newId: () => string
  /** ISO 4217. */
  readonly defaultCurrency: string
}

/** Waiting for a connection, and for a row lock behind others, in milliseconds. */
const PATIENCE = { maxWait: 15_000, timeout: 15_000 }

/**
 * A database transaction that asks nobody else: `Database` fetches the keys before it begins, and the
 * gateway is called before or after.
 */
export function shortTransaction<T>(
  { database }: Pick<DomainDeps, 'database'>,
  run: (tx: DatabaseTx) => Promise<T>,
): Promise<T> {
  return database.$transaction(run, PATIENCE)
}

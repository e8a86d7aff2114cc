import type { ModelSpec } from '../crypto/field-spec.ts'

/** A model of the sealed map, with what storage alone needs to know of it. */
export interface StoredModel extends ModelSpec {
  /** The name of the single-column String id; empty when the model has none (a compound id, an Int id). */
  readonly id: string
  /** Whether the extension sets the id of a new row that has none. */
  readonly makesId: boolean
  /** Whether the id column is `@db.Uuid`, which PostgreSQL hands back in lower case whatever was written. */
  readonly uuidId: boolean
  /** The table, schema-qualified where the Prisma schema says so. */
  readonly table: readonly string[]
  /** Column names in the database, of the sealed fields and their index columns. */
  readonly columns: Readonly<Record<string, string>>
}

/** What the `sealed` generator emits: every model by name, also those with no sealed column. */
export type StoredMap = Readonly<Record<string, StoredModel>>

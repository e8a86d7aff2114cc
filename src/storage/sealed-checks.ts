import type { StoredMap, StoredModel } from './stored-map.ts'

const KEY_ID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
/** At least a nonce and a tag: 28 bytes, 38 characters of base64url. */
const SEALED_TEXT = `^s1\\.${KEY_ID}\\.[A-Za-z0-9_-]{38,}$`
/** An HMAC-SHA-256: 32 bytes, 43 characters of base64url. */
const INDEX_TEXT = `^b1\\.${KEY_ID}\\.[A-Za-z0-9_-]{43}$`

/** PostgreSQL cuts longer names, and two cut names may meet. */
const LONGEST_NAME = 63

/**
 * The SQL that makes the database refuse plaintext: one named CHECK for each sealed column (`<Table>_<column>_sealed`)
 * and for each index column (`<Table>_<column>_indexed`).
 */
export function sealedChecks(map: StoredMap): string[] {
  return Object.values(map).flatMap((model) =>
    Object.values(model.fields).flatMap((spec) => [
      checkText(model, spec.field, 'sealed', SEALED_TEXT),
      ...(spec.index ? [checkText(model, spec.index.column, 'indexed', INDEX_TEXT)] : []),
    ]),
  )
}

function checkText(model: StoredModel, field: string, kind: 'sealed' | 'indexed', pattern: string): string {
  const column = columnOf(model, field)
  const name = `${model.table.at(-1) ?? ''}_${column}_${kind}`
  if (Buffer.byteLength(name) > LONGEST_NAME) {
    throw new RangeError(`The constraint name ${name} is too long for PostgreSQL.`)
  }
  const table = model.table.map(quoted).join('.')
  return `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} CHECK (${quoted(column)} ~ '${pattern}');`
}

function columnOf(model: StoredModel, field: string): string {
  return model.columns[field] ?? field
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

import type { FieldSpec } from './field-spec.ts'

// More keys than this open one column only in a test; then the next use makes its prefix again.
const maxKeysPerField = 64
const prefixes = new WeakMap<FieldSpec, Map<string, Buffer>>()

/**
 * What a ciphertext is bound to: format, model, field and type as a JSON array, then the key id (36
 * characters), then the row id. Each part tells where it ends, so no two cells have the same.
 */
export function additionalData(spec: FieldSpec, keyId: string, rowId: string): Buffer {
  const prefix = prefixOf(spec, keyId)
  const bytes = Buffer.allocUnsafe(prefix.length + Buffer.byteLength(rowId))
  bytes.set(prefix)
  bytes.write(rowId, prefix.length)
  return bytes
}

/** Whether it can be bound: UTF-8 turns every lone surrogate into one character, and two ids into one. */
export function isRowId(rowId: unknown): rowId is string {
  return typeof rowId === 'string' && rowId !== '' && rowId.isWellFormed()
}

function prefixOf(spec: FieldSpec, keyId: string): Buffer {
  let byKey = prefixes.get(spec)
  if (byKey === undefined) {
    byKey = new Map<string, Buffer>()
    prefixes.set(spec, byKey)
  }
  let prefix = byKey.get(keyId)
  if (prefix === undefined) {
    if (byKey.size === maxKeysPerField) byKey.clear()
    prefix = Buffer.from(JSON.stringify(['s1', spec.model, spec.field, spec.type]) + keyId)
    byKey.set(keyId, prefix)
  }
  return prefix
}

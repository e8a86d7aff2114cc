import type { DataKey } from './data-key.ts'
import type { FieldSpec, Normalizer, SealedType } from './field-spec.ts'
import { hmacSha256 } from './hmac.ts'
import { normaliseText } from './normalise.ts'
import { checkText, encodeValue } from './value-codec.ts'

// Few values, or many forms of one value: their index would give them away, or find nothing.
const notIndexed: ReadonlySet<SealedType> = new Set(['Boolean', 'Enum', 'Json'])
const noBytes = new Uint8Array()

/**
 * `b1.<keyId>.<base64url(HMAC-SHA-256)>` of the normalised value under an index key. Model, field and
 * type are hashed too, so that one value in two columns does not match. Throws `TypeError` on a field
 * that has no index, and `BadUserInput` on a value out of bounds.
 */
export function indexText(key: DataKey, spec: FieldSpec, value: unknown): string {
  if (spec.index === undefined || notIndexed.has(spec.type)) {
    throw new TypeError(`${spec.model}.${spec.field} has no blind index.`)
  }
  const label = JSON.stringify(['b1', spec.model, spec.field, spec.type])
  const mac = hmacSha256(key.secret, label, indexedBytes(spec, spec.index.normalize, value))
  return `b1.${key.id}.${mac.toString('base64url')}`
}

function indexedBytes(spec: FieldSpec, how: Normalizer, value: unknown): Buffer {
  if (spec.type !== 'String') return encodeValue(spec, value)
  return Buffer.from(normaliseText(how, checkText(value, spec)), 'utf8')
}

/**
 * `d1.<keyId>.<base64url(HMAC-SHA-256)>` over a keyring, a label (what the digest is for) and parts:
 * proves that two inputs are equal without keeping either.
 */
export function digestText(key: DataKey, label: string, parts: readonly string[]): string {
  const input = JSON.stringify(['d1', key.keyring, label, ...parts])
  return `d1.${key.id}.${hmacSha256(key.secret, input, noBytes).toString('base64url')}`
}

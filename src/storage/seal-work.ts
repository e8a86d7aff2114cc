import { UnsafeSealedOperation } from '../errors.ts'
import type { FieldCipher } from '../crypto/field-cipher.ts'
import type { FieldSpec } from '../crypto/field-spec.ts'

/** Arguments of a Prisma query, or a part of them. Prisma hands an extension its own copy, so it is changed in place. */
export type Args = Record<string, unknown>

interface Job {
  readonly into: Record<string | number, unknown>
  readonly key: string | number
  readonly spec: FieldSpec
  readonly value: unknown
  /** The row that the value is sealed for; null for a blind index. */
  readonly rowId: string | null
}

/**
 * What is to be sealed and indexed in one query. It is noted first and done last: the shape of the whole query is
 * judged before any key is asked for, and a query that seals nothing asks for none.
 */
export class SealWork {
  readonly #jobs: Job[] = []

  /** Puts the sealed text of `value` into `into[key]`. */
  seal(into: Args, spec: FieldSpec, rowId: string, value: unknown): void {
    this.#jobs.push({ into, key: spec.field, spec, value, rowId })
  }

  /** Puts the blind index of `value` into `into[key]`. */
  index(into: Args | unknown[], key: string | number, spec: FieldSpec, value: unknown): void {
    this.#jobs.push({ into: into as Record<string | number, unknown>, key, spec, value, rowId: null })
  }

  /** Does the work; returns a promise only when a key must be fetched first. */
  finish(cipher: FieldCipher): Promise<void> | undefined {
    if (this.#jobs.length === 0) return undefined
    const ready = cipher.ready(new Set(this.#jobs.map(({ spec }) => spec.keyring)))
    if (ready !== undefined) return ready.then(() => this.#run(cipher))
    this.#run(cipher)
    return undefined
  }

  #run(cipher: FieldCipher): void {
    for (const { into, key, spec, value, rowId } of this.#jobs) {
      into[key] = rowId === null ? cipher.index(spec, value) : cipher.seal(spec, rowId, value)
    }
  }
}

/** Refuses a use of the client by name, with the reason and what to do. Never with a value. */
export function refuse(model: string, field: string, why: string): never {
  throw new UnsafeSealedOperation(`${model}.${field}: ${why}`)
}

/** A plain object: neither null, an array, a Date, bytes, a Decimal nor a field reference. */
export function isPlain(value: unknown): value is Args {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** One or many, as Prisma lets most lists be written; nothing for what is not an object (`true`, null). */
export function eachOf(value: unknown): readonly Args[] {
  return (Array.isArray(value) ? value : [value]).filter(isPlain)
}

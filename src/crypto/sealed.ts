import { inspect } from 'node:util'
import type { FieldCipher } from './field-cipher.ts'
import type { FieldSpec } from './field-spec.ts'
import { readKeyId } from './sealed-text.ts'

const shown = '[sealed]'

/**
 * A protected value that has not been opened. It prints and serialises as `[sealed]`, has no own
 * properties, and costs nothing until `open` is called.
 */
export class Sealed<T = string> {
  readonly #cipher: FieldCipher
  readonly #spec: FieldSpec
  readonly #rowId: string
  readonly #text: string

  constructor(cipher: FieldCipher, spec: FieldSpec, rowId: string, text: string) {
    this.#cipher = cipher
    this.#spec = spec
    this.#rowId = rowId
    this.#text = text
  }

  /** Which column it is of. */
  get spec(): FieldSpec {
    return this.#spec
  }

  /** Which row it is bound to. */
  get rowId(): string {
    return this.#rowId
  }

  /** The sealed text as it is stored: safe to write back to the same cell, useless anywhere else. */
  get text(): string {
    return this.#text
  }

  /** The data key that the text names; only `open` proves it. Throws `OpenFailed` on a planted text. */
  get keyId(): string {
    return readKeyId(this.#text)
  }

  /**
   * The value: at once when its key is in memory, else a promise of it. Throws `OpenFailed` when the
   * text was altered, moved or planted, and `KmsUnavailable` when the key cannot be had now.
   */
  open(): T | Promise<T> {
    return this.#cipher.open(this.#spec, this.#rowId, this.#text) as T | Promise<T>
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [Symbol.toPrimitive](): string {
    return shown
  }

  [inspect.custom](): string {
    return shown
  }
}

/** What a sealed column holds: Prisma's scalar names, and Enum for a closed list of texts. */
export type SealedType =
  'String' | 'Json' | 'Bytes' | 'Int' | 'BigInt' | 'Decimal' | 'DateTime' | 'Boolean' | 'Enum'

/** How a value is made comparable before it is hashed into a blind index. */
export type Normalizer = 'exact' | 'email' | 'phone' | 'name'

/** One sealed column, as `/// @encrypted(...)` in schema.prisma declares it. */
export interface FieldSpec {
  readonly model: string
  readonly field: string
  /** The keyring whose data keys seal it and whose index key hashes it. */
  readonly keyring: string
  readonly type: SealedType
  /** Enum only: every value, so that all are padded to one length. */
  readonly values?: readonly string[]
  /** The blind index beside it, where equality can be asked for. */
  readonly index?: { readonly column: string; readonly normalize: Normalizer }
}

/** A model with its sealed columns (perhaps none) and all its relations, so that a walk knows where it goes. */
export interface ModelSpec {
  readonly model: string
  /** The name of the id field: its value is bound to what is sealed. */
  readonly id: string
  readonly fields: Readonly<Record<string, FieldSpec>>
  readonly relations: Readonly<Record<string, { readonly model: string; readonly list: boolean }>>
}

/** Every model by name, also those with no sealed column. */
export type SealedMap = Readonly<Record<string, ModelSpec>>

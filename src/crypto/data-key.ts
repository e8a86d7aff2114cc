import type { KeyObject } from 'node:crypto'
import type { KeyContext, WrappedKey } from '../kms/kms.ts'

export type KeyPurpose = KeyContext['purpose']

/** ACTIVE seals and opens; PENDING and RETIRED only open; DISABLED and DESTROYED do neither. */
export type DataKeyState = 'PENDING' | 'ACTIVE' | 'RETIRED' | 'DISABLED' | 'DESTROYED'

/** A data key as it is stored: wrapped. */
export interface StoredDataKey {
  /** UUIDv7, in lower case. */
  readonly id: string
  readonly keyring: string
  readonly purpose: KeyPurpose
  readonly state: DataKeyState
  readonly wrapped: WrappedKey
}

/** Where wrapped data keys live. */
export interface DataKeyStore {
  find(id: string): Promise<StoredDataKey | null>
  /** The one key of this keyring and purpose whose state is ACTIVE. */
  findActive(keyring: string, purpose: KeyPurpose): Promise<StoredDataKey | null>
  /** Stores a first ACTIVE key. `LOST_RACE` when another process stored one before (a unique index decides). */
  insertActive(key: StoredDataKey): Promise<'INSERTED' | 'LOST_RACE'>
}

/** A data key in memory, ready for use. */
export interface DataKey {
  readonly id: string
  readonly keyring: string
  readonly purpose: KeyPurpose
  readonly secret: KeyObject
}

/** What happened to a data key, for the audit: ids only. */
export interface KeyOperation {
  readonly operation: 'CREATE' | 'UNWRAP' | 'REFUSED'
  readonly keyId: string
  readonly keyring: string
  readonly purpose: KeyPurpose
  /** Why it was refused: no such key, a state or use that does not allow it, or the KMS said no. */
  readonly reason?: 'UNKNOWN' | 'STATE' | 'PURPOSE' | 'KMS'
}

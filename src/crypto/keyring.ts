import type { KeyContext, WrappedKey } from '../kms/kms.ts'

export type KeyPurpose = KeyContext['purpose']

/** PENDING and RETIRED open and never seal; DISABLED and DESTROYED do neither. */
export type DataKeyState = 'PENDING' | 'ACTIVE' | 'RETIRED' | 'DISABLED' | 'DESTROYED'

/** A data key as it is stored. */
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

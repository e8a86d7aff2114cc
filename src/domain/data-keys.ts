import type { Page, PageRequest } from './page.ts'
import type { Caller } from './principal.ts'

/** A data key: what it is for and where it stands, never its material. */
export interface DataKeyRecord {
  readonly id: string
  readonly createdAt: Date
  readonly keyring: string
  readonly purpose: 'ENCRYPTION' | 'INDEX'
  readonly state: 'PENDING' | 'ACTIVE' | 'RETIRED' | 'DISABLED' | 'DESTROYED'
  readonly provider: string
  readonly keyReference: string
  readonly activatedAt: Date | null
  readonly retiredAt: Date | null
  readonly destroyedAt: Date | null
}

export interface DataKeys {
  /** @throws {NotFound} */
  get(caller: Caller, id: string): Promise<DataKeyRecord>
  list(caller: Caller, page: PageRequest): Promise<Page<DataKeyRecord>>
}

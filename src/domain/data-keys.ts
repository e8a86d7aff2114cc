import { NotFound } from '../errors.ts'
import type { Database } from '../storage/client.ts'
import { keyset, pageOf, type Page, type PageRequest } from './page.ts'
import type { Caller } from './principal.ts'
import { requireRowId } from './row-id.ts'

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

/** The data keys as an auditor or a key custodian sees them. Who that is, the schema says. */
export interface DataKeys {
  /** @throws {NotFound} */
  get(caller: Caller, id: string): Promise<DataKeyRecord>
  /** @throws {BadUserInput} */
  list(caller: Caller, page: PageRequest): Promise<Page<DataKeyRecord>>
}

/** Not `wrapped`: there is no reason to read it here. */
const METADATA = {
  id: true,
  createdAt: true,
  keyring: true,
  purpose: true,
  state: true,
  provider: true,
  keyReference: true,
  activatedAt: true,
  retiredAt: true,
  destroyedAt: true,
} as const

export function createDataKeys({ database }: { readonly database: Database }): DataKeys {
  return {
    async get(_caller, id) {
      const where = { id: requireRowId(id, 'data key') }
      const row = await database.dataKey.findUnique({ where, select: METADATA })
      if (row === null) throw new NotFound('data key')
      return row
    },
    async list(_caller, page) {
      const { before, order } = keyset(page)
      return pageOf(await database.dataKey.findMany({ where: before, ...order, select: METADATA }), page)
    },
  }
}

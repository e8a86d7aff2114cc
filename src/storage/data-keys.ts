import type { DataKeyStore, StoredDataKey } from '../crypto/data-key.ts'
import type { PlainDatabase } from './client.ts'
import { Prisma, type DataKey } from './generated/prisma/client.ts'

/** Prisma's code for a violated unique constraint. */
const NOT_UNIQUE = 'P2002'

/**
 * Keeps data keys in the `DataKey` table. A partial unique index allows one ACTIVE key for each keyring and purpose,
 * and so settles which of two processes made the first.
 */
export function createDataKeyStore(database: Pick<PlainDatabase, 'dataKey'>): DataKeyStore {
  return {
    async find(id) {
      const row = await database.dataKey.findUnique({ where: { id } })
      return row && toStoredKey(row)
    },
    async findActive(keyring, purpose) {
      const row = await database.dataKey.findFirst({ where: { keyring, purpose, state: 'ACTIVE' } })
      return row && toStoredKey(row)
    },
    async insertActive({ wrapped, ...key }) {
      const { provider, keyReference } = wrapped
      const data = {
        ...key,
        provider,
        keyReference,
        wrapped: new Uint8Array(wrapped.bytes),
        activatedAt: new Date(),
      }
      try {
        await database.dataKey.create({ data, select: { id: true } })
        return 'INSERTED'
      } catch (error) {
        if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === NOT_UNIQUE)
          return 'LOST_RACE'
        throw error
      }
    },
  }
}

function toStoredKey({
  id,
  keyring,
  purpose,
  state,
  provider,
  keyReference,
  wrapped,
}: DataKey): StoredDataKey {
  return { id, keyring, purpose, state, wrapped: { provider, keyReference, bytes: wrapped } }
}

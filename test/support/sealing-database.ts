/** The database of test/support/prisma, extended, with keys in memory: what the tests of sealing work on. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import type { DataKeyStore, StoredDataKey } from '../../src/crypto/data-key.ts'
import { createFieldCipher, type FieldCipher } from '../../src/crypto/field-cipher.ts'
import { createKeyrings } from '../../src/crypto/keyring.ts'
import { KmsRefused, type Kms } from '../../src/kms/kms.ts'
import { sealExtension } from '../../src/storage/seal-extension.ts'
import { sealedChecks } from '../../src/storage/sealed-checks.ts'
import { emptyDatabase } from './database.ts'
import { PrismaClient } from './generated/prisma/client.ts'
import { sealedMap, type SealedResult } from './generated/sealed-map.ts'

export type Row = Record<string, unknown>
export type SealingClient = ReturnType<typeof extend>

export interface SealingDatabase {
  readonly url: string
  readonly client: SealingClient
  /** The same database without the extension. */
  readonly plain: PrismaClient
  readonly cipher: FieldCipher
  /** Raw SQL, past Prisma. */
  readonly sql: (text: string, values?: readonly unknown[]) => Promise<Row[]>
  readonly close: () => Promise<void>
}

/** A KMS that wraps nothing: for tests of what lies above it. */
function createMemoryKms(): Kms {
  const keys = new Map<string, Buffer>()
  return {
    generateDataKey: (context) => {
      const plaintext = randomBytes(32)
      const reference = JSON.stringify(context)
      keys.set(reference, Buffer.from(plaintext))
      return Promise.resolve({
        plaintext,
        wrapped: { provider: 'memory', keyReference: reference, bytes: new Uint8Array([1]) },
      })
    },
    unwrapDataKey: ({ keyReference }, context) => {
      const key = keyReference === JSON.stringify(context) ? keys.get(keyReference) : undefined
      if (key === undefined) return Promise.reject(new KmsRefused('unknown'))
      return Promise.resolve(Buffer.from(key))
    },
  }
}

function createMemoryStore(): DataKeyStore {
  const keys = new Map<string, StoredDataKey>()
  const active = (keyring: string, purpose: string) =>
    [...keys.values()].find(
      (key) => key.keyring === keyring && key.purpose === purpose && key.state === 'ACTIVE',
    )
  return {
    find: (id) => Promise.resolve(keys.get(id) ?? null),
    findActive: (keyring, purpose) => Promise.resolve(active(keyring, purpose) ?? null),
    insertActive: (key) => {
      if (active(key.keyring, key.purpose) !== undefined) return Promise.resolve('LOST_RACE')
      keys.set(key.id, key)
      return Promise.resolve('INSERTED')
    },
  }
}

/** The real field cipher over keys in memory. */
export function createMemoryCipher(): FieldCipher {
  const keyrings = createKeyrings({
    kms: createMemoryKms(),
    store: createMemoryStore(),
    onKeyOperation: () => undefined,
    now: Date.now,
    maxKeys: 100,
    lifetimeMs: 3_600_000,
    idleMs: 3_600_000,
    activeMs: 3_600_000,
  })
  return createFieldCipher(keyrings)
}

function extend(plain: PrismaClient, cipher: FieldCipher, containsCardNumber: (text: string) => boolean) {
  return plain.$extends(sealExtension<SealedResult>({ map: sealedMap, cipher, containsCardNumber }))
}

export async function openSealingDatabase(
  containsCardNumber: (text: string) => boolean = () => false,
): Promise<SealingDatabase> {
  const database = await emptyDatabase()
  const pool = new pg.Pool({ connectionString: database.url, max: 4 })
  const schema = await readFile(path.join(import.meta.dirname, 'prisma/schema.sql'), 'utf8')
  await pool.query(schema + sealedChecks(sealedMap).join('\n'))
  const cipher = createMemoryCipher()
  const plain = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' })
  return {
    url: database.url,
    client: extend(plain, cipher, containsCardNumber),
    plain,
    cipher,
    sql: async (text, values = []) => (await pool.query<Row>(text, [...values])).rows,
    close: async () => {
      await plain.$disconnect()
      await pool.end()
      await database.close()
    },
  }
}

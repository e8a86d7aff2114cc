import { PrismaPg } from '@prisma/adapter-pg'
import type { ITXClientDenyList } from '@prisma/client/runtime/client'
import { Pool } from 'pg'
import type { FieldCipher } from '../crypto/field-cipher.ts'
import { PrismaClient } from './generated/prisma/client.ts'
import { sealedMap, type SealedResult } from './generated/sealed-map.ts'
import { sealExtension } from './seal-extension.ts'

const CONNECT_MS = 5_000
const STATEMENT_MS = 15_000
const IDLE_TRANSACTION_MS = 15_000
const IDLE_MS = 30_000

export interface ConnectionOptions {
  /** `postgresql://user:password@host:port/database` */
  readonly url: string
  /** The most connections that this process opens. */
  readonly poolSize: number
}

export interface DatabaseOptions extends ConnectionOptions {
  readonly cipher: FieldCipher
  /** Asked of every text that is written, so that no card number is ever stored. */
  readonly containsCardNumber: (text: string) => boolean
}

/** The client that the domain uses: sealed columns are written as plain values and read as `Sealed`. */
export type Database = ReturnType<typeof createDatabase>

/** What `database.$transaction(async (tx) => ...)` gives. */
export type DatabaseTx = Omit<Database, ITXClientDenyList>

/** The client without the sealing extension: for data keys, which are wrapped and not sealed. */
export type PlainDatabase = PrismaClient

/**
 * Opens the database with sealing. Nothing connects before the first query; `$disconnect` closes the pool.
 * Before an interactive transaction begins, the keys that it may need are fetched, so that none is open while the KMS is asked.
 */
export function createDatabase(options: DatabaseOptions) {
  const { cipher, containsCardNumber } = options
  return createPlainDatabase(options).$extends(
    sealExtension<SealedResult>({ map: sealedMap, cipher, containsCardNumber }),
  )
}

/** Opens the database without sealing. `$disconnect` closes the pool. */
export function createPlainDatabase({ url, poolSize }: ConnectionOptions): PlainDatabase {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'sealpay',
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
  })
  surviveLostConnections(pool)
  const adapter = new PrismaPg(pool, { disposeExternalPool: true })
  // Prisma's longer error formats print the arguments of a query, values and all.
  return new PrismaClient({ adapter, errorFormat: 'minimal' })
}

/**
 * A connection that dies emits `error`, on the pool when it was idle and on itself when it was checked out. Without a
 * listener on both the process would end. The query that was under way fails by itself, and the pool opens another.
 */
function surviveLostConnections(pool: Pool): void {
  const forget = () => undefined
  pool.on('error', forget)
  pool.on('connect', (client) => client.on('error', forget))
}

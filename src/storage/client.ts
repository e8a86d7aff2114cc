import { PrismaPg } from '@prisma/adapter-pg'
import type { ITXClientDenyList } from '@prisma/client/runtime/client'
import { Pool } from 'pg'
import type { FieldCipher } from '../crypto/field-cipher.ts'
import { PrismaClient } from './generated/prisma/client.ts'
import { sealedMap, type SealedResult } from './generated/sealed-map.ts'
import { sealExtension } from './seal-extension.ts'
import type { StoredModel } from './stored-map.ts'

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
export type Database = ReturnType<typeof createSealedDatabase>

/** What `database.$transaction(async (tx) => ...)` gives. */
export type DatabaseTx = Omit<Database, ITXClientDenyList>

/** The client without the sealing extension: for data keys, which are wrapped and not sealed. */
export type PlainDatabase = PrismaClient

/** Opens the database with sealing. Nothing connects before the first query; `$disconnect` closes the pool. */
export function createDatabase(options: DatabaseOptions): Database {
  const database = createSealedDatabase(options)
  const transaction = database.$transaction.bind(database) as (
    ...call: readonly unknown[]
  ) => Promise<unknown>
  // No database transaction is open while the KMS is asked: the keys that one may need are in memory before it
  // begins. Where that fails it begins all the same, for it may need none; a query that does then says so.
  const client = {
    async $transaction(...call: readonly unknown[]): Promise<unknown> {
      await options.cipher.ready(KEYRINGS)?.catch(() => undefined)
      return transaction(...call)
    },
  }
  // The method that is replaced keeps its type, which is an overloaded and generic one.
  return database.$extends({ client }) as unknown as Database
}

const KEYRINGS = new Set(
  Object.values<StoredModel>(sealedMap).flatMap(({ fields }) =>
    Object.values(fields).map(({ keyring }) => keyring),
  ),
)

function createSealedDatabase(options: DatabaseOptions) {
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
  // The longer formats print more of a query than error-values.ts takes out.
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

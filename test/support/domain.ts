/** The domain over a database, keys and a sandbox gateway of its own. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 } from 'uuid'
import { createFieldCipher } from '../../src/crypto/field-cipher.ts'
import { createKeyrings } from '../../src/crypto/keyring.ts'
import { createAuditQueries } from '../../src/domain/audit-search.ts'
import { createAudit } from '../../src/domain/audit.ts'
import { containsCardNumber } from '../../src/domain/card-number.ts'
import { createCustomers } from '../../src/domain/customers.ts'
import { createDataKeys } from '../../src/domain/data-keys.ts'
import { createIdempotency } from '../../src/domain/idempotency.ts'
import type { PaymentDeps } from '../../src/domain/move-money.ts'
import type { PayInput } from '../../src/domain/payment.ts'
import { createPaymentMethods } from '../../src/domain/payment-methods.ts'
import { createPaymentQueries } from '../../src/domain/payment-queries.ts'
import { createPayments } from '../../src/domain/payments.ts'
import type { Caller, Role } from '../../src/domain/principal.ts'
import { SealpayError } from '../../src/errors.ts'
import { createLocalKeyFile } from '../../src/kms/local-key-file.ts'
import { createLocalKms } from '../../src/kms/local.ts'
import { createDatabase, createPlainDatabase } from '../../src/storage/client.ts'
import { createDataKeyStore } from '../../src/storage/data-keys.ts'
import { freshDatabase } from './database.ts'
import { openDomainSandbox } from './domain-sandbox.ts'

const KEYRINGS = ['customer', 'gateway']

/** A caller with fresh ids. */
export function callerAs(
  roles: readonly Role[],
  customerId: string | null = null,
  id: string = v7(),
): Caller {
  const principal = { id, roles: new Set(roles), customerId }
  return { principal, requestId: v7(), operationName: 'Test', reason: null }
}

/** The use cases over `deps`. */
function useCases(deps: PaymentDeps) {
  return {
    deps,
    customers: createCustomers(deps),
    methods: createPaymentMethods(deps),
    payments: createPayments(deps),
    queries: createPaymentQueries(deps),
    auditQueries: createAuditQueries(deps),
    dataKeys: createDataKeys(deps),
  }
}

export type UseCases = ReturnType<typeof useCases>

async function openKeyrings(keyFile: string, url: string) {
  const plain = createPlainDatabase({ url, poolSize: 2 })
  const keyrings = createKeyrings({
    kms: await createLocalKms({ keyFile }),
    store: createDataKeyStore(plain),
    onKeyOperation: () => undefined,
    now: () => performance.now(),
    maxKeys: 100,
    lifetimeMs: 3_600_000,
    idleMs: 3_600_000,
    activeMs: 3_600_000,
  })
  await keyrings.ready(KEYRINGS)
  return { keyrings, plain }
}

export type TestDomain = Awaited<ReturnType<typeof openTestDomain>>

/** Opens everything; `as` gives the same use cases with some of what they stand on replaced, like another process. */
export async function openTestDomain() {
  const directory = await mkdtemp(join(tmpdir(), 'sealpay-domain-'))
  const keyFile = join(directory, 'kms.json')
  await createLocalKeyFile(keyFile)
  const storage = await freshDatabase()
  const { url } = storage
  const { keyrings, plain } = await openKeyrings(keyFile, url)
  const database = createDatabase({
    url,
    poolSize: 10,
    cipher: createFieldCipher(keyrings),
    containsCardNumber,
  })
  const sandbox = await openDomainSandbox()
  const basics = { database, now: () => new Date(), newId: () => v7() }
  const standard: PaymentDeps = {
    ...basics,
    gateway: sandbox.gateway,
    audit: createAudit({ ...basics, deadlineMs: 10_000 }),
    idempotency: createIdempotency({
      ...basics,
      digest: (label, parts) => keyrings.digest('gateway', label, parts),
      claimMs: 60_000,
      waitMs: 10_000,
    }),
    defaultCurrency: 'USD',
  }
  return {
    ...useCases(standard),
    sandbox,
    url,
    digest: (label: string, parts: readonly string[]) => keyrings.digest('gateway', label, parts),
    as: (replaced: Partial<PaymentDeps>) => useCases({ ...standard, ...replaced }),
    async close() {
      await database.$disconnect()
      await plain.$disconnect()
      await storage.close()
      await sandbox.close()
      await rm(directory, { recursive: true })
    },
  }
}

/** A payment of a fresh single-use token. */
export async function paymentOf(
  { sandbox }: Pick<TestDomain, 'sandbox'>,
  amount: string,
  { card, ...terms }: Partial<PayInput> & { readonly card?: string } = {},
): Promise<PayInput> {
  const singleUseToken = await sandbox.token(card)
  return { method: { singleUseToken }, amount, idempotencyKey: null, ...terms }
}

/** What of `promises` came true, and why the others did not. */
export async function outcomesOf<T>(promises: readonly Promise<T>[]) {
  const settled = await Promise.allSettled(promises)
  return {
    values: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    codes: settled.flatMap((one) =>
      one.status === 'rejected'
        ? [one.reason instanceof SealpayError ? one.reason.code : String(one.reason)]
        : [],
    ),
  }
}

/** An amount of randomness for keys and order ids. */
export const uniqueText = (prefix: string) => `${prefix}-${randomBytes(8).toString('hex')}`

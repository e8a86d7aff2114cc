/** The payment use cases over the configured database, keys and sandbox, without a server around them. */
import { v7 as uuidv7 } from 'uuid'
import type { Config } from '../../config.ts'
import { createFieldCipher } from '../../crypto/field-cipher.ts'
import { createKeyrings, type Keyrings } from '../../crypto/keyring.ts'
import { systemActor } from '../../domain/audit-entry.ts'
import { createAudit, type Audit } from '../../domain/audit.ts'
import { containsCardNumber } from '../../domain/card-number.ts'
import { createIdempotency } from '../../domain/idempotency.ts'
import type { PaymentDeps } from '../../domain/move-money.ts'
import { createSandboxGateway } from '../../gateway/sandbox.ts'
import { createLocalKms } from '../../kms/local.ts'
import { createDatabase, createPlainDatabase, type PlainDatabase } from '../../storage/client.ts'
import { createDataKeyStore } from '../../storage/data-keys.ts'

/** Nothing is asked of them under an idempotency key, so that this keyring only has to exist. */
const IDEMPOTENCY = 'idempotency'
const CLAIM_MS = 60_000
const HOUR_MS = 3_600_000

export interface OpenPayments {
  readonly deps: PaymentDeps
  close(): Promise<void>
}

export async function openPayments(config: Config): Promise<OpenPayments> {
  const url = config.DATABASE_URL
  const plain = createPlainDatabase({ url, poolSize: 2 })
  const keyrings = await openKeyrings(config, plain, () => audit)
  const cipher = createFieldCipher(keyrings)
  const database = createDatabase({ url, poolSize: config.SEALPAY_DATABASE_POOL, cipher, containsCardNumber })
  const basics = { database, now: () => new Date(), newId: () => uuidv7() }
  const audit = createAudit({ ...basics, deadlineMs: config.SEALPAY_AUDIT_DEADLINE_MS })
  const idempotency = createIdempotency({
    ...basics,
    digest: async (label, parts) => {
      await keyrings.ready([IDEMPOTENCY])
      return keyrings.digest(IDEMPOTENCY, label, parts)
    },
    claimMs: CLAIM_MS,
    waitMs: CLAIM_MS,
  })
  const gateway = createSandboxGateway({
    url: config.SEALPAY_GATEWAY_SANDBOX_URL ?? '',
    secretKey: config.SEALPAY_GATEWAY_SANDBOX_SECRET ?? '',
    timeoutMs: config.SEALPAY_GATEWAY_TIMEOUT_MS,
  })
  return {
    deps: { ...basics, gateway, audit, idempotency, defaultCurrency: config.SEALPAY_CURRENCY },
    async close() {
      await database.$disconnect()
      await plain.$disconnect()
    },
  }
}

async function openKeyrings(config: Config, plain: PlainDatabase, audit: () => Audit): Promise<Keyrings> {
  return createKeyrings({
    kms: await createLocalKms({ keyFile: config.SEALPAY_KMS_LOCAL_KEY_FILE ?? '' }),
    store: createDataKeyStore(plain),
    onKeyOperation: ({ operation, keyId, keyring, purpose, reason }) =>
      audit().record(systemActor('keyring'), {
        kind: 'KEY_OPERATION',
        operation,
        outcome: reason ?? 'SUCCEEDED',
        keyId,
        keyring,
        purpose,
      }),
    now: () => performance.now(),
    maxKeys: config.SEALPAY_KEY_CACHE_SIZE,
    lifetimeMs: HOUR_MS,
    idleMs: HOUR_MS,
    activeMs: HOUR_MS,
  })
}

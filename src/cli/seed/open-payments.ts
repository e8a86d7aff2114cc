/** The payment use cases over the configured database, keys and sandbox, without a server around them. */
import { openDomain, openGateway, openStorage } from '../../app.ts'
import type { Config } from '../../config.ts'
import type { PaymentDeps } from '../../domain/move-money.ts'

export interface OpenPayments {
  readonly deps: PaymentDeps
  close(): Promise<void>
}

export async function openPayments(config: Config): Promise<OpenPayments> {
  const storage = await openStorage(config)
  const { deps } = openDomain(config, storage, openGateway(config))
  return {
    deps,
    async close() {
      await storage.database.$disconnect()
      await storage.plain.$disconnect()
    },
  }
}

import type { Config } from '../../config.ts'
import { seedDemoData, type DemoAdded } from '../../domain/demo-data.ts'
import { openDemoSandbox } from './demo-sandbox.ts'
import { openPayments } from './open-payments.ts'

/** Fills the configured database with the demo's customers and payments; what is there already stays as it is. */
export async function seedDemo(config: Config): Promise<DemoAdded> {
  const payments = await openPayments(config)
  try {
    const sandbox = openDemoSandbox({
      url: config.SEALPAY_GATEWAY_SANDBOX_URL ?? '',
      secretKey: config.SEALPAY_GATEWAY_SANDBOX_SECRET ?? '',
    })
    return await seedDemoData({ ...payments.deps, sandbox })
  } finally {
    await payments.close()
  }
}

export function describeAdded({ customers, payments }: DemoAdded): string {
  if (customers + payments === 0) return 'the demo data is there already'
  return `added ${customers} fictitious customers and ${payments} payments to look at`
}

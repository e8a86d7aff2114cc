import { v7 } from 'uuid'
import { createCustomers } from '../customers.ts'
import { createPaymentMethods } from '../payment-methods.ts'
import { startClock } from './clock.ts'
import { demoPerson } from './people.ts'
import { actAs, type DemoDeps } from './stage.ts'

/** The customer that the CUSTOMER demo identity is: always the same, so that its tokens fit any demo database. */
export const demoCustomerId = '01930000-0000-7000-8000-000000000001'

/** How many people the demo has. */
export const DEMO_CUSTOMERS = 40

const CARDS = ['visa', 'mastercard', 'visa', 'american-express'] as const
const JOINED_DAYS_AGO = 120

/** A person of the demo, with the methods that they can pay with. */
export interface DemoCustomer {
  readonly id: string
  readonly name: string
  readonly methodIds: readonly string[]
}

/** The id of the person of that number: v7, older than any payment, and always the same. */
export function demoCustomerIdOf(index: number): string {
  if (index === 0) return demoCustomerId
  const random = new Uint8Array(16).fill(index)
  return v7({ msecs: Date.UTC(2024, 10, 7) + index, random, seq: index })
}

async function storeMethods(deps: DemoDeps, id: string, index: number, name: string): Promise<string[]> {
  const methods = createPaymentMethods(deps)
  const stored: string[] = []
  for (let count = 0; count < (index % 3 === 0 ? 2 : 1); count += 1) {
    const card = CARDS[(index + count) % CARDS.length] ?? 'visa'
    const singleUseToken = await deps.sandbox.tokenise({ card, cardholderName: name })
    stored.push((await methods.vault(actAs('SERVICE'), { singleUseToken, customerId: id })).id)
  }
  return stored
}

/** Makes the person of that number, or finds them when an earlier run did. */
export async function castCustomer(deps: DemoDeps, index: number, present: Date): Promise<DemoCustomer> {
  const id = demoCustomerIdOf(index)
  const { email, company, phoneNumber, firstName, lastName } = demoPerson(index)
  const name = `${firstName} ${lastName}`
  const start = new Date(present.getTime() - (JOINED_DAYS_AGO * 24 - index * 17) * 3_600_000)
  const clock = startClock(start, present)
  const at = deps.at(clock)
  const found = await deps.database.customer.findUnique({ where: { id }, select: { id: true } })
  if (found === null) {
    const ids = [id]
    const fixed = { ...at, newId: () => ids.shift() ?? clock.newId() }
    await createCustomers(fixed).create(actAs('ADMIN'), { email, company, phoneNumber, firstName, lastName })
  }
  const stored = await deps.database.customerGatewayToken.findMany({
    where: { customerId: id, deletedAt: null },
    select: { id: true },
  })
  const methodIds =
    stored.length > 0 ? stored.map((method) => method.id) : await storeMethods(at, id, index, name)
  return { id, name, methodIds }
}

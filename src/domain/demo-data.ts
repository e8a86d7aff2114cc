import { createAudit } from './audit.ts'
import { castCustomer, DEMO_CUSTOMERS, type DemoCustomer } from './demo/cast.ts'
import { startClock, type DemoClock } from './demo/clock.ts'
import { demoPayments, type DemoPayment } from './demo/plan.ts'
import { playPayment } from './demo/play.ts'
import type { DemoDeps, DemoSandbox } from './demo/stage.ts'
import type { PaymentDeps } from './move-money.ts'

export interface DemoOptions extends PaymentDeps {
  readonly sandbox: DemoSandbox
}

/** What a run added. */
export interface DemoAdded {
  readonly customers: number
  readonly payments: number
}

const DAY_MS = 24 * 3_600_000
const AUDIT_DEADLINE_MS = 10_000
/** How many go on beside each other: below the database's pool. */
const WORKERS = 6

async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: WORKERS }, worker))
}

/** The same dependencies with the time of a clock: what they write is dated by it. */
function staged(options: DemoOptions): DemoDeps {
  const at = (clock: DemoClock): DemoDeps => {
    const { now, newId } = clock
    const audit = createAudit({ database: options.database, now, newId, deadlineMs: AUDIT_DEADLINE_MS })
    return { ...options, now, newId, audit, at }
  }
  return { ...options, at }
}

async function castAll(deps: DemoDeps, present: Date): Promise<readonly DemoCustomer[]> {
  const numbers = Array.from({ length: DEMO_CUSTOMERS }, (_, index) => index)
  const cast = new Map<number, DemoCustomer>()
  await eachOf(numbers, async (index) => {
    cast.set(index, await castCustomer(deps, index, present))
  })
  return numbers.flatMap((index) => cast.get(index) ?? [])
}

/** When a payment began: so many days ago, at an hour of the day that depends on its number. */
function startOf({ daysAgo, orderId }: DemoPayment, present: Date): Date {
  const minutes = (Number(orderId.slice(-4)) * 37) % (10 * 60)
  return new Date(present.getTime() - daysAgo * DAY_MS - minutes * 60_000)
}

async function missingPayments({ database }: DemoDeps): Promise<readonly DemoPayment[]> {
  const planned = demoPayments(DEMO_CUSTOMERS)
  const orderIds = planned.map(({ orderId }) => orderId)
  const rows = await database.transaction.findMany({
    where: { orderId: { in: orderIds } },
    select: { orderId: true },
  })
  const there = new Set(rows.map(({ orderId }) => orderId))
  return planned.filter(({ orderId }) => !there.has(orderId))
}

/**
 * Fills a database with fictitious customers, stored methods, payments of the past 90 days in every status and
 * several currencies, and refunds, all made by the real use cases at the sandbox. What an earlier run made is left
 * as it is, so that a second one adds nothing.
 */
export async function seedDemoData(options: DemoOptions): Promise<DemoAdded> {
  const deps = staged(options)
  const present = options.now()
  const before = await deps.database.customer.count()
  const cast = await castAll(deps, present)
  const payments = await missingPayments(deps)
  await eachOf(payments, async (payment) => {
    const customer = cast[payment.customer]
    if (customer === undefined) throw new Error('A demo payment has no customer.')
    const clock = startClock(startOf(payment, present), present)
    await playPayment({ deps: deps.at(clock), clock, payment, customer })
  })
  return { customers: (await deps.database.customer.count()) - before, payments: payments.length }
}

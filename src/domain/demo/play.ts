import { GatewayUnavailable } from '../../errors.ts'
import type { Gateway, GatewayPaymentState } from '../../gateway/gateway.ts'
import type { PayInput } from '../payment.ts'
import { createPayments } from '../payments.ts'
import { settleAbandoned } from '../perform-attempt.ts'
import { syncRefund, syncTransaction } from '../settlement-sync.ts'
import type { DemoCustomer } from './cast.ts'
import type { DemoClock } from './clock.ts'
import type { DemoPayment } from './plan.ts'
import { actAs, type DemoCard, type DemoDeps } from './stage.ts'

/** One payment on its way through the use cases. */
interface Scene {
  readonly deps: DemoDeps
  readonly clock: DemoClock
  readonly payment: DemoPayment
  readonly customer: DemoCustomer
}

const YEAR_MS = 365 * 24 * 3_600_000

/** The decimal text of a part of an amount, cut to whole minor units; null stands for all that is left. */
function partOf(amount: string, percent: number): string | null {
  if (percent === 100) return null
  const [major = '0', decimals = ''] = amount.split('.')
  const digits = ((BigInt(major + decimals) * BigInt(percent)) / 100n)
    .toString()
    .padStart(decimals.length + 1, '0')
  return decimals === '' ? digits : `${digits.slice(0, -decimals.length)}.${digits.slice(-decimals.length)}`
}

function inputOf({ payment, customer }: Scene, method: PayInput['method']): PayInput {
  const { amount, currencyCode, orderId } = payment
  return { method, amount, currencyCode, orderId, customerId: customer.id, idempotencyKey: null }
}

function storedMethod({ customer, payment }: Scene): PayInput['method'] {
  const storedId = customer.methodIds[payment.amount.length % customer.methodIds.length]
  if (storedId === undefined) throw new Error('A demo customer has no stored method.')
  return { storedId }
}

async function payWithCard(scene: Scene, card: DemoCard): Promise<void> {
  const { deps, customer } = scene
  const singleUseToken = await deps.sandbox.tokenise({ card, cardholderName: customer.name })
  await createPayments(deps).charge(actAs('SERVICE'), inputOf(scene, { singleUseToken }))
}

/** The reference at the gateway, by which the sandbox is told to move it. */
async function advance({ deps }: Scene, transactionId: string, state: GatewayPaymentState): Promise<void> {
  const where = { id: transactionId }
  const { gatewayReference } = await deps.database.transaction.findUniqueOrThrow({ where })
  if (gatewayReference !== null) await deps.sandbox.advance(gatewayReference, state)
  await syncTransaction(deps, transactionId)
}

/** A charge whose answer never came: the attempt stays open. */
async function payInSilence(scene: Scene): Promise<string> {
  const { deps, payment } = scene
  const fail = () => Promise.reject(new GatewayUnavailable())
  const silent: Gateway = { ...deps.gateway, authorise: fail, findByIdempotencyKey: fail }
  const payments = createPayments({ ...deps, gateway: silent })
  await payments.charge(actAs('SERVICE'), inputOf(scene, storedMethod(scene))).catch((error: unknown) => {
    if (!(error instanceof GatewayUnavailable)) throw error
  })
  const where = { transaction: { orderId: payment.orderId }, state: 'OPEN' } as const
  return (await deps.database.gatewayAttempt.findFirstOrThrow({ where, select: { id: true } })).id
}

async function playAuthorizing(scene: Scene): Promise<void> {
  const id = await payInSilence(scene)
  // Recovery would find that the gateway never heard of it; the demo is to show one that is still awaited.
  const updatedAt = new Date(scene.clock.now().getTime() + YEAR_MS)
  await scene.deps.database.gatewayAttempt.update({ where: { id }, data: { updatedAt } })
}

async function playFailed(scene: Scene): Promise<void> {
  const id = await payInSilence(scene)
  scene.clock.passHours(1)
  const claimedAt = scene.clock.now()
  await scene.deps.database.gatewayAttempt.update({ where: { id }, data: { updatedAt: claimedAt } })
  await settleAbandoned(scene.deps, id, claimedAt)
}

async function authorise(scene: Scene): Promise<string> {
  const input = inputOf(scene, storedMethod(scene))
  return (await createPayments(scene.deps).authorise(actAs('SERVICE'), input)).id
}

async function playExpired(scene: Scene): Promise<void> {
  const id = await authorise(scene)
  scene.clock.passHours(24 * 7)
  await advance(scene, id, 'AUTHORIZATION_EXPIRED')
}

async function playVoided(scene: Scene): Promise<void> {
  const transactionId = await authorise(scene)
  scene.clock.passHours(3)
  await createPayments(scene.deps).reverse(actAs('FINANCE'), { transactionId, idempotencyKey: null })
}

async function takeMoney(scene: Scene): Promise<string> {
  const { payment, deps, clock } = scene
  const payments = createPayments(deps)
  if (payment.captures.length === 0) {
    return (await payments.charge(actAs('SERVICE'), inputOf(scene, storedMethod(scene)))).id
  }
  const transactionId = await authorise(scene)
  for (const percent of payment.captures) {
    clock.passHours(5)
    const amount = partOf(payment.amount, percent)
    await payments.capture(actAs('SERVICE'), { transactionId, amount, idempotencyKey: null })
  }
  return transactionId
}

async function giveBack(scene: Scene, transactionId: string): Promise<void> {
  const { payment, deps, clock } = scene
  for (const percent of payment.refunds) {
    clock.passHours(40)
    const amount = partOf(payment.amount, percent)
    const input = { transactionId, amount, reason: payment.reason, idempotencyKey: null }
    const { id } = await createPayments(deps).refund(actAs('FINANCE'), input)
    if (payment.daysAgo < 10) continue
    clock.passHours(24)
    const { gatewayReference } = await deps.database.refund.findUniqueOrThrow({ where: { id } })
    if (gatewayReference !== null) await deps.sandbox.advance(gatewayReference, 'SETTLED')
    await syncRefund(deps, id)
  }
}

async function playSettlement(scene: Scene, state: GatewayPaymentState): Promise<void> {
  const id = await takeMoney(scene)
  if (state === 'SUBMITTED_FOR_SETTLEMENT') return
  scene.clock.passHours(20)
  await advance(scene, id, state)
  await giveBack(scene, id)
}

/** Plays a payment to the status that it is to end in. */
export async function playPayment(scene: Scene): Promise<void> {
  const { status, amount } = scene.payment
  switch (status) {
    case 'AUTHORIZING':
      return playAuthorizing(scene)
    case 'FAILED':
      return playFailed(scene)
    case 'PROCESSOR_DECLINED':
      return payWithCard(scene, amount.length % 2 === 0 ? 'declined' : 'insufficient-funds')
    case 'GATEWAY_REJECTED':
      return payWithCard(scene, 'fraud')
    case 'AUTHORIZED':
      await authorise(scene)
      return
    case 'AUTHORIZATION_EXPIRED':
      return playExpired(scene)
    case 'VOIDED':
      return playVoided(scene)
    default:
      return playSettlement(scene, status)
  }
}

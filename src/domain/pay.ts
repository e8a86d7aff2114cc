import { BadUserInput, NotFound } from '../errors.ts'
import type { DatabaseTx } from '../storage/client.ts'
import { intend } from './attempt.ts'
import { shortTransaction } from './deps.ts'
import { cardColumns } from './finish-vault.ts'
import type { Claim } from './idempotency.ts'
import type { Made } from './idempotency-claims.ts'
import { parsePositiveAmount } from './money.ts'
import { moveMoney, type PaymentDeps } from './move-money.ts'
import { actsFor, ownedInReach } from './ownership.ts'
import type { PayInput, TransactionRecord } from './payment.ts'
import type { Caller } from './principal.ts'
import { readTransaction } from './read-payments.ts'
import { requireRowId } from './row-id.ts'
import { consumeToken, lookUpSingleUse } from './single-use-token.ts'
import { appendStep } from './status-event.ts'
import { checkText } from './text-input.ts'

/** A payment that was checked, and is not yet made. */
interface Plan {
  readonly amountMinor: bigint
  readonly currencyCode: string
  readonly orderId: string | null
  readonly customerId: string | null
  readonly paymentMethodId: string | null
  /** Null for a stored method. */
  readonly singleUseToken: string | null
  readonly isVaulting: boolean
  readonly card: Awaited<ReturnType<typeof lookUpSingleUse>>
}

async function findStoredMethod({ database }: PaymentDeps, caller: Caller, storedId: string) {
  const where = { id: requireRowId(storedId, 'payment method'), deletedAt: null, ...ownedInReach(caller) }
  const method = await database.customerGatewayToken.findFirst({ where })
  if (method === null) throw new NotFound('payment method')
  return method
}

/** The method's card, and whose it is. */
async function resolveMethod(
  deps: PaymentDeps,
  caller: Caller,
  { method, customerId: named, vault }: PayInput,
) {
  const customerId = actsFor(caller, named)
  if ('singleUseToken' in method) {
    if (vault != null && customerId === null) {
      throw new BadUserInput('A payment method is stored for a customer: `customerId` must name one.')
    }
    const card = await lookUpSingleUse(deps, method.singleUseToken)
    const isVaulting = vault != null
    return { customerId, paymentMethodId: null, singleUseToken: method.singleUseToken, isVaulting, card }
  }
  if (vault != null) throw new BadUserInput('A stored payment method is stored already.')
  const stored = await findStoredMethod(deps, caller, method.storedId)
  if (customerId !== null && customerId !== stored.customerId) {
    throw new BadUserInput('The stored payment method belongs to another customer than `customerId`.')
  }
  const card = { ...cardColumns(stored), cardholderName: (await stored.cardholderName?.open()) ?? null }
  return {
    customerId: stored.customerId,
    paymentMethodId: stored.id,
    singleUseToken: null,
    isVaulting: false,
    card,
  }
}

async function planPayment(deps: PaymentDeps, caller: Caller, input: PayInput): Promise<Plan> {
  const currencyCode = input.currencyCode ?? deps.defaultCurrency
  const amountMinor = parsePositiveAmount(input.amount, currencyCode)
  const orderId = checkText(input.orderId, 'orderId', 255) ?? null
  return { amountMinor, currencyCode, orderId, ...(await resolveMethod(deps, caller, input)) }
}

/** Locked against deletion until the payment is written; a deleted customer pays nothing. */
async function lockCustomer(tx: DatabaseTx, customerId: string | null): Promise<void> {
  if (customerId === null) return
  requireRowId(customerId, 'customer')
  await tx.$queryRaw`SELECT "id" FROM "Customer" WHERE "id" = ${customerId}::uuid FOR SHARE`
  const customer = await tx.customer.findFirst({
    where: { id: customerId, deletedAt: null },
    select: { id: true },
  })
  if (customer === null) throw new NotFound('customer')
}

async function intendVault(
  deps: PaymentDeps,
  tx: DatabaseTx,
  transactionId: string,
  customerId: string | null,
) {
  const now = deps.now()
  const stamp = { id: deps.newId(), createdAt: now, updatedAt: now }
  const paymentMethodId = deps.newId()
  const gateway = deps.gateway.name
  await tx.gatewayAttempt.create({
    data: { ...stamp, kind: 'VAULT', gateway, transactionId, paymentMethodId, customerId },
  })
}

/** A method that was deleted since it was looked up is not charged. */
async function holdMethod(tx: DatabaseTx, id: string | null): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "CustomerGatewayToken" WHERE "id" = ${id}::uuid AND "deletedAt" IS NULL FOR SHARE`
  if (rows.length === 0) throw new NotFound('payment method')
}

async function writePayment(deps: PaymentDeps, tx: DatabaseTx, caller: Caller, id: string, plan: Plan) {
  const { singleUseToken, isVaulting, card, ...columns } = plan
  await lockCustomer(tx, plan.customerId)
  if (singleUseToken !== null) await consumeToken(deps, tx, singleUseToken, id)
  else await holdMethod(tx, columns.paymentMethodId)
  const now = deps.now()
  const payment = await tx.transaction.create({
    data: {
      id,
      createdAt: now,
      updatedAt: now,
      status: 'AUTHORIZING',
      gateway: deps.gateway.name,
      createdBy: caller.principal.id,
      ...columns,
      ...card,
    },
  })
  const { amountMinor } = plan
  await appendStep(deps, tx, { kind: 'Transaction', payment, to: 'AUTHORIZING', amountMinor, outcome: null })
  if (isVaulting) await intendVault(deps, tx, id, plan.customerId)
}

type PayAction = 'AUTHORIZE' | 'CHARGE'

async function reservePayment(
  deps: PaymentDeps,
  caller: Caller,
  action: PayAction,
  input: PayInput,
  claim: Claim,
): Promise<Made> {
  const plan = await planPayment(deps, caller, input)
  const made = { type: 'Transaction', id: deps.newId() } as const
  const { attemptId } = claim
  await shortTransaction(deps, async (tx) => {
    await claim.bind(tx, made)
    await writePayment(deps, tx, caller, made.id, plan)
    const { amountMinor, currencyCode } = plan
    const money = { transactionId: made.id, refundId: null, amountMinor, currencyCode }
    await intend(deps, tx, caller, { attemptId, action, ...money })
  })
  return made
}

const MUTATIONS = { AUTHORIZE: 'authorizePaymentMethod', CHARGE: 'chargePaymentMethod' } as const

/** Authorises, and for a charge captures in the same step. */
export function pay(
  deps: PaymentDeps,
  caller: Caller,
  action: PayAction,
  { idempotencyKey, ...input }: PayInput,
): Promise<TransactionRecord> {
  return moveMoney(deps, caller, {
    mutation: MUTATIONS[action],
    idempotencyKey,
    input,
    reserve: (claim) => reservePayment(deps, caller, action, { ...input, idempotencyKey }, claim),
    read: ({ id }) => readTransaction(deps, caller, id),
    keepMethod: input.vault === 'ALWAYS',
  })
}

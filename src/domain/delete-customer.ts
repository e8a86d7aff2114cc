import { Conflict, NotFound } from '../errors.ts'
import type { DatabaseTx } from '../storage/client.ts'
import { shortTransaction, type DomainDeps } from './deps.ts'
import { customersInReach } from './ownership.ts'
import type { Caller } from './principal.ts'
import type { PaymentStatus } from './status.ts'
import { forgetMethod } from './vault-method.ts'

/** Money is on its way, or may still be taken or called off. */
const OPEN: PaymentStatus[] = [
  'AUTHORIZING',
  'AUTHORIZED',
  'SUBMITTED_FOR_SETTLEMENT',
  'SETTLING',
  'SETTLEMENT_PENDING',
  'SETTLEMENT_CONFIRMED',
]

async function refuseOpenMoney(tx: DatabaseTx, customerId: string): Promise<void> {
  const open = await tx.transaction.findFirst({
    where: {
      customerId,
      OR: [{ status: { in: OPEN } }, { refunds: { some: { status: { in: OPEN } } } }],
    },
    select: { id: true },
  })
  if (open !== null) throw new Conflict('The customer has open payments. Settle or reverse them first.')
}

/** The personal part of a customer, of the methods and of the payments; amounts and card details of payments stay. */
async function erase(deps: DomainDeps, tx: DatabaseTx, id: string): Promise<void> {
  const now = deps.now()
  await tx.customer.update({
    where: { id },
    data: {
      deletedAt: now,
      updatedAt: now,
      company: null,
      email: null,
      firstName: null,
      lastName: null,
      phoneNumber: null,
      defaultPaymentMethodId: null,
    },
  })
  await tx.customerGatewayToken.updateMany({
    where: { customerId: id },
    data: { deletedAt: now, cardholderName: null, billingAddress: null },
  })
  await tx.transaction.updateMany({ where: { customerId: id }, data: { cardholderName: null } })
}

/**
 * Deletes a customer: in one transaction here, and then each stored method at the gateway; what the
 * gateway does not answer for, recovery repeats.
 * @throws {NotFound | Conflict}
 */
export async function deleteCustomer(deps: DomainDeps, caller: Caller, id: string): Promise<void> {
  await shortTransaction(deps, async (tx) => {
    await tx.$queryRaw`SELECT "id" FROM "Customer" WHERE "id" = ${id}::uuid FOR UPDATE`
    const where = { id, deletedAt: null, AND: customersInReach(caller) }
    const customer = await tx.customer.findFirst({ where, select: { id: true } })
    if (customer === null) throw new NotFound('customer')
    await refuseOpenMoney(tx, id)
    await erase(deps, tx, id)
    const fields = ['company', 'email', 'firstName', 'lastName', 'phoneNumber', 'cardholderName']
    await deps.audit.recordIn(tx, caller, {
      kind: 'CUSTOMER_CHANGED',
      customerId: id,
      change: 'DELETED',
      fields,
    })
  })
  const methods = await deps.database.customerGatewayToken.findMany({
    where: { customerId: id, deletedAt: { not: null } },
    select: { id: true },
  })
  for (const method of methods) await forgetMethod(deps, method.id)
}

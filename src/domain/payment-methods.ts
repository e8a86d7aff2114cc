import { BadUserInput, NotFound } from '../errors.ts'
import { shortTransaction, type DomainDeps } from './deps.ts'
import { actsFor, ownedInReach } from './ownership.ts'
import { keyset, pageOf } from './page.ts'
import type { ClientTokenInput, PaymentMethodRecord, PaymentMethods, VaultInput } from './payment-method.ts'
import type { Caller } from './principal.ts'
import { isRowId, requireRowId } from './row-id.ts'
import { forgetMethod, vaultMethod } from './vault-method.ts'

const MAX_DOMAINS = 10
const MAX_DOMAIN_LENGTH = 255

async function getMethod(deps: DomainDeps, caller: Caller, id: string): Promise<PaymentMethodRecord> {
  const where = { id: requireRowId(id, 'payment method'), deletedAt: null, ...ownedInReach(caller) }
  const row = await deps.database.customerGatewayToken.findFirst({ where })
  if (row === null) throw new NotFound('payment method')
  return row
}

async function vault(deps: DomainDeps, caller: Caller, input: VaultInput): Promise<PaymentMethodRecord> {
  const customerId = actsFor(caller, input.customerId)
  if (customerId === null) {
    throw new BadUserInput('A payment method is stored for a customer: `customerId` must name one.')
  }
  const makeDefault = input.makeDefault ?? false
  const id = await vaultMethod(deps, caller, { token: input.singleUseToken, customerId, makeDefault })
  return getMethod(deps, caller, id)
}

/** Gone here at once; its row is kept until the gateway has forgotten the method too. */
async function deleteMethod(deps: DomainDeps, caller: Caller, id: string): Promise<void> {
  requireRowId(id, 'payment method')
  await shortTransaction(deps, async (tx) => {
    const now = deps.now()
    const where = { id, deletedAt: null, ...ownedInReach(caller) }
    const method = await tx.customerGatewayToken.findFirst({ where, select: { customerId: true } })
    if (method === null) throw new NotFound('payment method')
    const { customerId } = method
    // The customer first, as everyone locks: else two deletions wait for each other.
    await tx.$queryRaw`SELECT 1 FROM "Customer" WHERE "id" = ${customerId}::uuid FOR UPDATE`
    const data = { deletedAt: now, cardholderName: null, billingAddress: null }
    const { count } = await tx.customerGatewayToken.updateMany({ where, data })
    if (count === 0) throw new NotFound('payment method')
    await tx.customer.updateMany({
      where: { defaultPaymentMethodId: id },
      data: { defaultPaymentMethodId: null, updatedAt: now },
    })
    await deps.audit.recordIn(tx, caller, {
      kind: 'PAYMENT_METHOD_CHANGED',
      paymentMethodId: id,
      customerId,
      change: 'DELETED',
    })
  })
  await forgetMethod(deps, id)
}

/** An origin as a browser sends it: scheme, host and port, nothing after. */
function isOrigin(domain: string): boolean {
  if (domain.length > MAX_DOMAIN_LENGTH || domain.includes('*') || !URL.canParse(domain)) return false
  const { origin, protocol } = new URL(domain)
  return origin === domain && /^https?:$/.test(protocol)
}

async function createClientToken(deps: DomainDeps, caller: Caller, input: ClientTokenInput): Promise<string> {
  const domains = input.domains ?? []
  if (domains.length > MAX_DOMAINS || !domains.every(isOrigin)) {
    throw new BadUserInput(`\`domains\` takes at most ${MAX_DOMAINS} origins, such as https://shop.example.`)
  }
  const customerReference = actsFor(caller, input.customerId)
  if (customerReference !== null) {
    const where = { id: requireRowId(customerReference, 'customer'), deletedAt: null }
    const customer = await deps.database.customer.findFirst({ where, select: { id: true } })
    if (customer === null) throw new NotFound('customer')
  }
  return deps.gateway.createClientToken({ customerReference, domains })
}

/** The use cases around stored payment methods. A deleted method is not there. */
export function createPaymentMethods(deps: DomainDeps): PaymentMethods {
  const { database } = deps
  return {
    vault: (caller, input) => vault(deps, caller, input),
    delete: (caller, id) => deleteMethod(deps, caller, id),
    get: (caller, id) => getMethod(deps, caller, id),
    async byIds(caller, ids) {
      const where = { id: { in: ids.filter(isRowId) }, deletedAt: null, ...ownedInReach(caller) }
      const found = await database.customerGatewayToken.findMany({ where })
      const rows = new Map(found.map((row) => [row.id, row]))
      return ids.map((id) => rows.get(id) ?? null)
    },
    async ofCustomer(caller, customerId, page) {
      if (!isRowId(customerId)) return { rows: [], hasMore: false }
      const { before, order } = keyset(page)
      const where = { AND: [{ customerId, deletedAt: null }, before, ownedInReach(caller)] }
      return pageOf(await database.customerGatewayToken.findMany({ where, ...order }), page)
    },
    createClientToken: (caller, input) => createClientToken(deps, caller, input),
  }
}

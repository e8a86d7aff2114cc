import { Forbidden, NotFound } from '../errors.ts'
import { customerColumns } from './customer-input.ts'
import { customerWhere } from './customer-search.ts'
import type { CustomerInput, CustomerRecord, Customers } from './customer.ts'
import { deleteCustomer } from './delete-customer.ts'
import { shortTransaction, type DomainDeps } from './deps.ts'
import { customersInReach } from './ownership.ts'
import { keyset, pageOf } from './page.ts'
import type { Caller } from './principal.ts'
import { isRowId, requireRowId } from './row-id.ts'

async function createCustomer(
  deps: DomainDeps,
  caller: Caller,
  input: CustomerInput,
): Promise<CustomerRecord> {
  // Whoever reaches their own record alone has one, and would not see the new one.
  if (customersInReach(caller).id !== undefined) throw new Forbidden()
  const columns = customerColumns(input)
  const now = deps.now()
  const id = deps.newId()
  return shortTransaction(deps, async (tx) => {
    const customer = await tx.customer.create({ data: { id, createdAt: now, updatedAt: now, ...columns } })
    const fields = Object.keys(columns)
    await deps.audit.recordIn(tx, caller, {
      kind: 'CUSTOMER_CHANGED',
      customerId: id,
      change: 'CREATED',
      fields,
    })
    return customer
  })
}

async function updateCustomer(
  deps: DomainDeps,
  caller: Caller,
  id: string,
  input: CustomerInput,
): Promise<CustomerRecord> {
  requireRowId(id, 'customer')
  const columns = customerColumns(input)
  return shortTransaction(deps, async (tx) => {
    await tx.$queryRaw`SELECT "id" FROM "Customer" WHERE "id" = ${id}::uuid FOR UPDATE`
    const where = { id, deletedAt: null, AND: customersInReach(caller) }
    const customer = await tx.customer.findFirst({ where })
    if (customer === null) throw new NotFound('customer')
    const fields = Object.keys(columns)
    if (fields.length === 0) return customer
    await deps.audit.recordIn(tx, caller, {
      kind: 'CUSTOMER_CHANGED',
      customerId: id,
      change: 'UPDATED',
      fields,
    })
    return tx.customer.update({ where: { id }, data: { ...columns, updatedAt: deps.now() } })
  })
}

/** The use cases around customers. A deleted customer is not there. */
export function createCustomers(deps: DomainDeps): Customers {
  const { database } = deps
  return {
    create: (caller, input) => createCustomer(deps, caller, input),
    update: (caller, id, input) => updateCustomer(deps, caller, id, input),
    delete: async (caller, id) => deleteCustomer(deps, caller, requireRowId(id, 'customer')),
    async get(caller, id) {
      requireRowId(id, 'customer')
      const where = { id, deletedAt: null, AND: customersInReach(caller) }
      const row = await database.customer.findFirst({ where })
      if (row === null) throw new NotFound('customer')
      return row
    },
    async byIds(caller, ids) {
      const where = { id: { in: ids.filter(isRowId) }, deletedAt: null, AND: customersInReach(caller) }
      const rows = new Map((await database.customer.findMany({ where })).map((row) => [row.id, row]))
      return ids.map((id) => rows.get(id) ?? null)
    },
    async search(caller, search, page) {
      const { before, order } = keyset(page)
      const AND = [customerWhere(search), before, customersInReach(caller)]
      return pageOf(await database.customer.findMany({ where: { AND }, ...order }), page)
    },
  }
}

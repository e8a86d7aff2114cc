import type { GraphQLResolveInfo } from 'graphql'
import { getDirective } from '@graphql-tools/utils'
import { NotFound } from '../../errors.ts'
import type { AuditEventRecord } from '../../domain/audit-entry.ts'
import type { CustomerRecord } from '../../domain/customer.ts'
import type { DataKeyRecord } from '../../domain/data-keys.ts'
import type { PaymentMethodRecord } from '../../domain/payment-method.ts'
import type { RefundRecord, TransactionRecord } from '../../domain/payment.ts'
import type { Caller } from '../../domain/principal.ts'
import { callerOf } from '../context.ts'
import type { Services } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { parseNodeId } from '../node-id.ts'
import type { NodeType } from '../node-id.ts'

type NodeRecord =
  CustomerRecord | PaymentMethodRecord | TransactionRecord | RefundRecord | AuditEventRecord | DataKeyRecord

type Read = (services: Services, caller: Caller, rowId: string) => Promise<NodeRecord>

const READ: Readonly<Record<NodeType, Read>> = {
  Customer: (services, caller, rowId) => services.customers.get(caller, rowId),
  PaymentMethod: (services, caller, rowId) => services.paymentMethods.get(caller, rowId),
  Transaction: (services, caller, rowId) => services.paymentQueries.transaction(caller, rowId),
  Refund: (services, caller, rowId) => services.paymentQueries.refund(caller, rowId),
  AuditEvent: (services, caller, rowId) => services.auditQueries.get(caller, rowId),
  DataKey: (services, caller, rowId) => services.dataKeys.get(caller, rowId),
}

/** Whether the caller's roles reach the type at all: if not, the record is not even looked for. */
function reaches(caller: Caller, type: NodeType, { schema }: GraphQLResolveInfo): boolean {
  const definition = schema.getType(type)
  const rule = definition && getDirective(schema, definition, 'requiresRole')?.[0]
  const anyOf: unknown = rule?.['anyOf']
  const roles: ReadonlySet<unknown> = caller.principal.roles
  return Array.isArray(anyOf) && anyOf.some((role) => roles.has(role))
}

/** A record that knows its type, so that `Node` can be resolved. */
export type TaggedRecord = NodeRecord & { readonly __typename: NodeType }

export const nodeResolvers: Resolvers = {
  Query: {
    async node(_, { id }, context, info) {
      const caller = callerOf(context)
      const parsed = parseNodeId(id)
      if (parsed === null) throw new NotFound('record')
      if (!reaches(caller, parsed.type, info)) {
        context.access.refused(parsed.type)
        throw new NotFound('record')
      }
      const record = await READ[parsed.type](context.services, caller, parsed.rowId)
      return { ...record, __typename: parsed.type }
    },
  },
  Node: { __resolveType: ({ __typename }) => __typename },
}

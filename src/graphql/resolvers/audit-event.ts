import { pageRequest, toConnection } from '../connection.ts'
import { callerOf } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { toNodeId } from '../node-id.ts'
import type { NodeType } from '../node-id.ts'
import { rowCondition } from './search.ts'

/** What the audit calls a record, as callers call it. */
const NODE_TYPES: Readonly<Record<string, NodeType>> = {
  Customer: 'Customer',
  PaymentMethod: 'PaymentMethod',
  Transaction: 'Transaction',
  Refund: 'Refund',
  DataKey: 'DataKey',
  AuditEvent: 'AuditEvent',
}

export const auditEventResolvers: Resolvers = {
  Query: {
    async auditEvents(_, { input, ...page }, context) {
      const request = pageRequest(page)
      const search = { ...input, recordId: rowCondition(input?.recordId, null) }
      const found = await context.services.auditQueries.search(callerOf(context), search, request)
      return toConnection(found, request)
    },
  },
  AuditEvent: {
    id: ({ id }) => toNodeId('AuditEvent', id),
  },
  AuditRecord: {
    id({ typeName, recordId }) {
      const type = NODE_TYPES[typeName]
      return type === undefined ? recordId : toNodeId(type, recordId)
    },
  },
}

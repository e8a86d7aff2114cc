import { pageRequest, toConnection } from '../connection.ts'
import { callerOf } from '../context.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { toNodeId } from '../node-id.ts'

export const dataKeyResolvers: Resolvers = {
  Query: {
    async dataKeys(_, page, context) {
      const request = pageRequest(page)
      return toConnection(await context.services.dataKeys.list(callerOf(context), request), request)
    },
  },
  DataKey: {
    id: ({ id }) => toNodeId('DataKey', id),
  },
}

import type { Resolvers } from '../generated/resolvers.ts'

export const viewerResolvers: Resolvers = {
  Query: {
    ping: () => 'pong',
    viewer: (_, _arguments, { caller }) => caller?.principal ?? null,
  },
  Viewer: {
    roles: ({ roles }) => [...roles],
    customer: ({ customerId }, _, { loaders }) =>
      customerId === null ? null : loaders.customer.load(customerId),
  },
}

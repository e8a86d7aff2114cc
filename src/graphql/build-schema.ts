import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeExecutableSchema } from '@graphql-tools/schema'
import type { GraphQLSchema } from 'graphql'
import { resolvers } from './resolvers.ts'

const DIRECTORY = join(import.meta.dirname, '../../schema')

/** The SDL: one file a noun, in the order of their names. */
export function readTypeDefs(directory = DIRECTORY): string[] {
  return globSync('*.graphql', { cwd: directory })
    .sort()
    .map((file) => readFileSync(join(directory, file), 'utf8'))
}

/** The schema with its resolvers, as declared: nothing is enforced before `protectSchema`. */
export function buildSchema(typeDefs = readTypeDefs()): GraphQLSchema {
  return makeExecutableSchema({
    typeDefs,
    resolvers,
    resolverValidationOptions: {
      requireResolversToMatchSchema: 'error',
      requireResolversForResolveType: 'error',
    },
  })
}

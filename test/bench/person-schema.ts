/** One small schema three times: bare, with three fields masked, and with the same three sealed as well. */
import { makeExecutableSchema } from '@graphql-tools/schema'
import type { GraphQLSchema } from 'graphql'
import type { FieldCipher } from '../../src/crypto/field-cipher.ts'
import type { FieldSpec } from '../../src/crypto/field-spec.ts'
import { Sealed } from '../../src/crypto/sealed.ts'
import type { Principal } from '../../src/domain/principal.ts'
import { createAccessLog, type AccessLog } from '../../src/graphql/access-log.ts'
import { directiveTypeDefs, protectSchema, type Protection } from '../../src/graphql/directives/kit.ts'
import type { Person } from './people.ts'

export interface PersonContext {
  readonly principal: Principal | null
  readonly access: AccessLog
}

const KEYRING = 'customer'
const SEALED_FIELDS = ['email', 'phoneNumber', 'lastName'] as const
type SealedField = (typeof SEALED_FIELDS)[number]

const BARE = /* GraphQL */ `
  type Query {
    people: [Person!]!
    person(id: ID!): Person
  }
  type Person {
    id: ID!
    company: String
    country: String
    points: Int
    since: String
    email: String
    phoneNumber: String
    lastName: String
  }
`

const protectedTypeDefs = (also: string) => /* GraphQL */ `
  ${directiveTypeDefs}
  enum Role { CUSTOMER SUPPORT FINANCE ADMIN AUDITOR KEY_CUSTODIAN SERVICE }
  type Query @requiresRole(anyOf: [SUPPORT, ADMIN]) {
    people: [Person!]!
    person(id: ID!): Person
  }
  type Person @requiresRole(anyOf: [SUPPORT, ADMIN]) {
    id: ID!
    company: String
    country: String
    points: Int
    since: String
    email: String @masked(strategy: EMAIL, unless: [ADMIN]) ${also}
    phoneNumber: String @masked(strategy: PHONE, unless: [ADMIN]) ${also}
    lastName: String @masked(first: 1, unless: [ADMIN]) ${also}
  }
`

const protection: Protection<PersonContext> = {
  principalOf: ({ principal }) => principal,
  ownedTypes: [],
  ownsRecord: () => false,
  recordOf: (type, source) => ({ type, id: (source as Person).id }),
  opened: ({ access }, opening) => access.opened(opening),
  refused: ({ access }, { coordinate }) => access.refused(coordinate),
}

type Source = Pick<Person, 'id'>

function resolversOver(people: readonly Source[]) {
  const byId = new Map(people.map((person) => [person.id, person]))
  return {
    Query: {
      people: () => people,
      person: (_source: unknown, { id }: { readonly id: string }) => byId.get(id) ?? null,
    },
  }
}

export function bareSchema(people: readonly Person[]): GraphQLSchema {
  return makeExecutableSchema({ typeDefs: BARE, resolvers: resolversOver(people) })
}

export function maskedSchema(people: readonly Person[]): GraphQLSchema {
  const schema = makeExecutableSchema({ typeDefs: protectedTypeDefs(''), resolvers: resolversOver(people) })
  return protectSchema(schema, protection, { map: {}, models: {} })
}

const specOf = (field: SealedField): FieldSpec => ({
  model: 'Person',
  field,
  keyring: KEYRING,
  type: 'String',
})
const SPECS = { email: specOf('email'), phoneNumber: specOf('phoneNumber'), lastName: specOf('lastName') }

/** Seals with `writer` and opens with `reader`: where they differ, no key is in memory when the first is opened. */
export async function sealedSchema(
  people: readonly Person[],
  writer: FieldCipher,
  reader: FieldCipher,
): Promise<GraphQLSchema> {
  await writer.ready([KEYRING])
  const seal = (person: Person, field: SealedField) =>
    new Sealed(reader, SPECS[field], person.id, writer.seal(SPECS[field], person.id, person[field]))
  const sealed = people.map((person) => ({
    ...person,
    ...Object.fromEntries(SEALED_FIELDS.map((field) => [field, seal(person, field)])),
  }))
  const schema = makeExecutableSchema({
    typeDefs: protectedTypeDefs('@encrypted'),
    resolvers: resolversOver(sealed),
  })
  const map = { Person: { model: 'Person', id: 'id', fields: SPECS, relations: {} } }
  return protectSchema(schema, protection, { map, models: { Person: 'Person' } })
}

export const personContext = (principal: Principal | null): PersonContext => ({
  principal,
  access: createAccessLog(),
})

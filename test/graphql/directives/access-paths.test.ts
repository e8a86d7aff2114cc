import { describe, expect, it } from '@jest/globals'
import { ask, callerWith, protect, seal, sealedPeople } from './harness.ts'

const schema = protect(
  `interface Node { id: ID! }
   interface Contact { email: String @masked(strategy: EMAIL, unless: [ADMIN]) @encrypted @requiresRole(anyOf: [SUPPORT, ADMIN]) }
   type Person implements Node & Contact @requiresRole(anyOf: [SUPPORT, ADMIN]) {
     id: ID!
     email: String @masked(strategy: EMAIL, unless: [ADMIN]) @encrypted
   }
   type Robot implements Node @requiresRole(anyOf: [SUPPORT, ADMIN]) { id: ID! }
   union Being = Person | Robot
   type Query {
     person: Person @public
     node: Node @public
     contact: Contact @public
     being: Being @public
     beings: [Being!] @public
   }`,
  {},
  sealedPeople('email'),
)

const person = { __typename: 'Person', id: 'p1', email: seal('email', 'alice@example.com') }
const root = { person, node: person, contact: person, being: person, beings: [person] }

const PATHS = [
  ['a field', '{ person { email } }', 'person'],
  ['an alias', '{ person { other: email } }', 'person'],
  ['a named fragment', '{ person { ...F } } fragment F on Person { email }', 'person'],
  ['an inline fragment on an interface', '{ person { ... on Contact { email } } }', 'person'],
  ['an interface', '{ contact { email } }', 'contact'],
  ['a union', '{ being { ... on Person { email } } }', 'being'],
  ['a union, by an interface', '{ being { ... on Contact { email } } }', 'being'],
  ['node', '{ node { ... on Person { email } } }', 'node'],
  [
    'node, by a fragment in a fragment',
    '{ node { ... on Contact { ...F } } } fragment F on Person { email }',
    'node',
  ],
  ['a list', '{ beings { ... on Person { email } } }', 'beings'],
] as const

describe('one protected field, whichever way it is reached', () => {
  it.each(PATHS)('by %s', (_name, query, at) => {
    const seen = ['CUSTOMER', 'SUPPORT', 'ADMIN'].map((role) => {
      const caller = callerWith(role)
      const { data, errors } = ask({ schema, query, caller, root })
      const value = [(data as Record<string, unknown>)[at]].flat()[0] as Record<string, unknown>
      return {
        value: Object.values(value)[0],
        codes: errors.map((error) => error.split(' ')[1]),
        opened: caller.opened,
      }
    })
    const opening = { type: 'Person', id: 'p1', field: 'email' }
    expect(seen).toEqual([
      { value: null, codes: ['FORBIDDEN'], opened: [] },
      { value: 'a***@example.com', codes: [], opened: [{ ...opening, shown: 'MASKED' }] },
      { value: 'alice@example.com', codes: [], opened: [{ ...opening, shown: 'CLEAR' }] },
    ])
  })
})

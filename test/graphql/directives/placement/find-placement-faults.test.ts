import { describe, expect, it } from '@jest/globals'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { buildASTSchema, parse } from 'graphql'
import { SchemaFault } from '../../../../src/errors.ts'
import { directiveTypeDefs } from '../../../../src/graphql/directives/definitions.ts'
import { protectSchema } from '../../../../src/graphql/directives/protect-schema.ts'
import { faultsOf, jsonColumn, mapOf, protection, sealedPeople } from '../harness.ts'

const QUERY = 'type Query { person: Person @public }'
const person = (fields: string, roles = '[SUPPORT, ADMIN]') =>
  `${QUERY} type Person @requiresRole(anyOf: ${roles}) { ${fields} }`

describe('what is refused when the schema is built: access', () => {
  it.each([
    ['type Query { a: Int }', ['Query.a: needs @requiresRole or @public, on it or @requiresRole on Query']],
    [
      'type Query { a: Int @public } type Mutation { b: Int }',
      ['Mutation.b: needs @requiresRole or @public, on it or @requiresRole on Mutation'],
    ],
    [
      'type Query { a: Int @public } type Subscription { b: Int }',
      ['Subscription.b: needs @requiresRole or @public, on it or @requiresRole on Subscription'],
    ],
    [
      `${QUERY} type Person { id: ID, name: String @requiresRole(anyOf: [ADMIN]) }`,
      ['Person.id: needs @requiresRole or @public, on it or @requiresRole on Person'],
    ],
    [
      `${QUERY} type Person { name: String @masked }`,
      ['Person.name: needs @requiresRole or @public, on it or @requiresRole on Person'],
    ],
    [
      'type Query { a: Int @public @requiresRole(anyOf: [ADMIN]) }',
      ['Query.a: @public contradicts @requiresRole'],
    ],
    [
      'type Query @requiresRole(anyOf: [ADMIN]) { a: Int @public }',
      ['Query.a: @public contradicts @requiresRole on Query'],
    ],
    ['type Query { a: String @public @masked }', ['Query.a: @public contradicts @masked']],
    ['type Query { a: Int @requiresRole(anyOf: []) }', ['Query.a: @requiresRole(anyOf: []) lets nobody in']],
    [
      'type Query { a: Int @requiresRole(anyOf: [ADMIN, ADMIN]) }',
      ['Query.a: @requiresRole names ADMIN twice'],
    ],
    ['type Query @requiresRole(anyOf: []) { a: Int }', ['Query: @requiresRole(anyOf: []) lets nobody in']],
    [
      'type Query @requiresRole(anyOf: [ADMIN]) { a: Int @requiresRole(anyOf: [ADMIN, SUPPORT]) }',
      ['Query.a: @requiresRole names SUPPORT, which does not reach Query'],
    ],
    [
      'type Query { a(b: Int @requiresRole(anyOf: [SUPPORT])): Int @requiresRole(anyOf: [ADMIN]) }',
      ['Query.a(b:): @requiresRole names SUPPORT, which does not reach the field'],
    ],
    [
      'type Query { a(b: In): Int @public } input In { c: Int @requiresRole(anyOf: []) }',
      ['In.c: @requiresRole(anyOf: []) lets nobody in'],
    ],
  ])('%s', (sdl, faults) => {
    expect(faultsOf(sdl)).toEqual(faults)
  })

  it('names a role that the schema does not have', () => {
    const [fault, ...more] = faultsOf('type Query { a: Int @requiresRole(anyOf: [KING]) }')
    expect(fault).toMatch(/^Query\.a: @requiresRole: Argument "anyOf" has invalid value/)
    expect(more).toEqual(['Query.a: @requiresRole(anyOf: []) lets nobody in'])
  })
})

describe('what is refused when the schema is built: masks', () => {
  it.each([
    ['id: ID @masked', 'Person.id: @masked: PARTIAL needs a String, not ID'],
    ['age: Int @masked(strategy: REDACT)', 'Person.age: @masked: REDACT needs a String, not Int'],
    ['a: [ID!] @masked(strategy: EMAIL)', 'Person.a: @masked: EMAIL needs a String, not [ID!]'],
    ['a: String! @masked(strategy: NULL)', 'Person.a: @masked: NULL needs a nullable field'],
    ['email: [String] @masked(strategy: FAKE)', 'Person.email: @masked: FAKE needs a String, not a list'],
    ['shoe: String @masked(strategy: FAKE)', 'Person.shoe: @masked: FAKE has no data for a field named shoe'],
    ['a: String @masked(first: -1)', 'Person.a: @masked: first is negative'],
    ['a: String @masked(last: -1)', 'Person.a: @masked: last is negative'],
    [
      'a: String @masked(with: "")',
      'Person.a: @masked: with must be one printable character, no space and no hyphen',
    ],
    [
      'a: String @masked(with: "**")',
      'Person.a: @masked: with must be one printable character, no space and no hyphen',
    ],
    [
      'a: String @masked(strategy: EMAIL, last: 4)',
      'Person.a: @masked: first, last and with say nothing with EMAIL',
    ],
    ['a: String @masked(unless: [ADMIN, ADMIN])', 'Person.a: @masked: unless names ADMIN twice'],
    [
      'a: String @masked(unless: [FINANCE])',
      'Person.a: @masked: unless names FINANCE, which does not reach the field',
    ],
    ['a: String @masked(last: null)', 'Person.a: @masked(last: null) says nothing'],
  ])('%s', (field, fault) => {
    expect(faultsOf(person(field))).toEqual([fault])
  })

  it('an owner where there is none', () => {
    expect(
      faultsOf('type Query @requiresRole(anyOf: [ADMIN]) { a: String @masked(unlessOwner: true) }'),
    ).toEqual(['Query.a: @masked: unlessOwner means nothing, because Query has no owner'])
  })
})

describe('what is refused when the schema is built: sealing', () => {
  it('a sealed column that is shown as it is, and a sealing that is not there', () => {
    const sdl = person('email: String @encrypted, name: String, age: Int @encrypted')
    expect(faultsOf(sdl, sealedPeople('email', 'name'))).toEqual([
      'Person.name: shows the sealed column PersonRow.name without @encrypted',
      'Person.age: @encrypted, but no sealed column is behind it',
    ])
  })

  it('a type that no model is behind', () => {
    expect(faultsOf(person('email: String @encrypted'), { map: mapOf('email'), models: {} })).toEqual([
      'Person.email: @encrypted, but no sealed column is behind it',
    ])
  })

  it('the same under another name', () => {
    const sealed = { ...sealedPeople('mail'), columns: { 'Person.email': 'mail' } }
    expect(faultsOf(person('email: String'), sealed)).toEqual([
      'Person.email: shows the sealed column PersonRow.mail without @encrypted',
    ])
    expect(faultsOf(person('email: String @encrypted'), sealed)).toEqual([])
  })

  it('an object made of a column that holds text', () => {
    const sdl = `${person('home: Address @encrypted')} type Address { city: String }`
    expect(faultsOf(sdl, sealedPeople('home'))).toEqual([
      'Person.home: @encrypted on an object type needs a Json column, and PersonRow.home is String',
    ])
    expect(faultsOf(sdl, sealedPeople(jsonColumn('home')))).toEqual([])
  })

  it('a mapping that means nothing', () => {
    const models = { Persn: 'PersonRow', Person: 'Persons' }
    const columns = { 'Person.mail': 'email', 'constructor.name': 'email' }
    expect(faultsOf(person('email: String'), { map: mapOf('email'), models, columns })).toEqual([
      'models: Persn is no object type of the schema',
      'models: Persons is no model',
      'columns: Person.mail is no field of the schema',
      'columns: Person.mail names email, which is not sealed',
      'columns: constructor.name is no field of the schema',
      'columns: constructor.name names email, which is not sealed',
    ])
  })
})

const face = (bound: string, own: string) =>
  `${QUERY} interface Face @requiresRole(anyOf: [SUPPORT, ADMIN]) { a(b: Int): String ${bound} }
   type Person implements Face { a(b: Int): String ${own} }`

describe('what is refused when the schema is built: an implementor that keeps less than its interface', () => {
  it.each([
    ['', '@requiresRole(anyOf: [SUPPORT, ADMIN, FINANCE])', ['lets more roles in']],
    ['', '', ['lets more roles in']],
    ['', '@public', ['lets more roles in']],
    ['@masked(last: 4)', '@requiresRole(anyOf: [ADMIN])', ['has no @masked']],
    ['@masked(last: 4)', '@masked(last: 3) @requiresRole(anyOf: [ADMIN])', ['has another mask']],
    [
      '@masked(last: 4)',
      '@masked(last: 4, unless: [ADMIN], unlessOwner: true) @requiresRole(anyOf: [ADMIN])',
      ['has more roles in unless', 'has unlessOwner'],
    ],
    ['@encrypted', '@requiresRole(anyOf: [ADMIN])', ['has no @encrypted']],
  ])('%s, and %s', (bound, own, faults) => {
    expect(faultsOf(face(bound, own))).toEqual(faults.map((fault) => `Person.a: ${fault}, against Face.a`))
  })

  it('a restricted argument', () => {
    const sdl = `${QUERY} interface Face { a(b: Int @requiresRole(anyOf: [ADMIN])): Int } type Person implements Face { a(b: Int): Int }`
    expect(faultsOf(sdl)).toEqual(['Person.a(b:): lets more roles in, against Face.a(b:)'])
  })

  it('and not one that keeps as much, or more', () => {
    const mask = '@masked(last: 4, unless: [ADMIN])'
    expect(faultsOf(face(mask, `${mask} @requiresRole(anyOf: [ADMIN, SUPPORT])`))).toEqual([])
    expect(faultsOf(face(mask, '@masked(last: 4) @requiresRole(anyOf: [ADMIN])'))).toEqual([])
    expect(
      faultsOf(
        `${QUERY} interface Face { a: Int } type Person implements Face @requiresRole(anyOf: [ADMIN]) { a: Int }`,
      ),
    ).toEqual([])
  })
})

describe('what is refused when the schema is built: inputs', () => {
  it.each([
    [
      'type Query { a(b: Int = 1 @requiresRole(anyOf: [ADMIN])): Int @public }',
      ['Query.a(b:): has @requiresRole and a default, which would refuse whoever leaves it out'],
    ],
    [
      'type Query { a(b: In = { c: 1 }): Int @public } input In { c: Int @requiresRole(anyOf: [ADMIN]) }',
      ['Query.a(b:): its default has In.c, which is restricted'],
    ],
    [
      'type Query { a(b: In): Int @public } input In { c: [E] = [X] } enum E { X @requiresRole(anyOf: [ADMIN]) Y }',
      ['In.c: its default has E.X, which is restricted'],
    ],
  ])('%s', (sdl, faults) => {
    expect(faultsOf(sdl)).toEqual(faults)
  })

  it('but not a restricted input that is required', () => {
    const sdl =
      'type Query { a(b: In! @requiresRole(anyOf: [ADMIN])): Int @public } input In { c: Int! @requiresRole(anyOf: [ADMIN]) }'
    expect(faultsOf(sdl)).toEqual([])
  })
})

/** Without SDL validation, as a schema from another builder may come. */
function faultsUnvalidated(sdl: string): readonly string[] {
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true })
  try {
    protectSchema(schema, protection, { map: {}, models: {} })
    return []
  } catch (error) {
    if (error instanceof SchemaFault) return error.faults
    throw error
  }
}

describe('what is refused when the schema is built: the directives themselves', () => {
  const roles = 'enum Role { ADMIN }'
  const query = 'type Query { a: Int @public }'

  it('where they do nothing', () => {
    const sdl = `${directiveTypeDefs} ${roles} schema @public { query: Query }
      type Query @public { a(b: In @masked): Int @public c: U @public }
      input In @requiresRole(anyOf: [ADMIN]) { d: E @encrypted }
      enum E @public { F @masked }
      union U @requiresRole(anyOf: [ADMIN]) = Query
      scalar S @encrypted`
    expect(faultsUnvalidated(sdl)).toEqual([
      'schema: @public does nothing here',
      'Query: @public does nothing here',
      'Query.a(b:): @masked does nothing here',
      'In: @requiresRole does nothing here',
      'In.d: @encrypted does nothing here',
      'E: @public does nothing here',
      'E.F: @masked does nothing here',
      'U: @requiresRole does nothing here',
      'S: @encrypted does nothing here',
    ])
  })

  it('when one is there twice', () => {
    const sdl = `${directiveTypeDefs} ${roles} type Query { a: String @masked(last: 1) @masked(last: 99) @requiresRole(anyOf: [ADMIN]) }`
    expect(faultsUnvalidated(sdl)).toEqual(['Query.a: @masked is there 2 times'])
  })

  it('when one is defined otherwise, or not at all', () => {
    const other = directiveTypeDefs.replace('last: Int = 0', 'last: Int = 99')
    expect(faultsUnvalidated(`${other} ${roles} ${query}`)).toEqual([
      '@masked is defined otherwise than the kit reads it',
    ])
    expect(faultsUnvalidated(`directive @public on FIELD_DEFINITION ${query}`)).toEqual([
      '@requiresRole is not defined',
      '@masked is not defined',
      '@encrypted is not defined',
      'enum Role is missing: it names who may be',
      'enum MaskStrategy is defined otherwise than the kit reads it',
    ])
  })

  it('and never because roles have values of their own inside', () => {
    const typeDefs = [
      directiveTypeDefs,
      roles,
      'type Query { a: String @requiresRole(anyOf: [ADMIN]) @masked(unless: [ADMIN]) }',
    ]
    const schema = makeExecutableSchema({ typeDefs, resolvers: { Role: { ADMIN: 7 } } })
    expect(() => protectSchema(schema, protection, { map: {}, models: {} })).not.toThrow()
  })

  it('all at once', () => {
    const sdl = person('id: ID @masked @encrypted, name: String @public')
    expect(() => faultsOf(sdl)).not.toThrow()
    expect(faultsOf(sdl)).toHaveLength(3)
  })
})

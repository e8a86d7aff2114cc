import { describe, expect, it, jest } from '@jest/globals'
import { GraphQLScalarType } from 'graphql'
import { OpenFailed } from '../../../src/errors.ts'
import { protectSchema } from '../../../src/graphql/directives/protect-schema.ts'
import {
  ask,
  build,
  callerWith,
  jsonColumn,
  protect,
  protection,
  seal,
  sealedPeople,
  sealForGood,
} from './harness.ts'

const SDL = `
  scalar Text
  type Query { person: Person @public }
  type Address @requiresRole(anyOf: [ADMIN]) { city: String }
  type Person @requiresRole(anyOf: [SUPPORT, ADMIN]) {
    id: ID
    email: String @encrypted
    address: Address @encrypted
    nickname: String
    tags: [String]
    text: Text
    age: Int
  }`

const Text = new GraphQLScalarType({ name: 'Text', serialize: String })
const schema = protect(SDL, { Text }, sealedPeople('email', jsonColumn('address')))

function read(selection: string, person: object, caller = callerWith('ADMIN')) {
  return {
    ...ask({ schema, query: `{ person { ${selection} } }`, caller, root: { person } }),
    opened: caller.opened,
  }
}

describe('an @encrypted field', () => {
  it('opens for whoever may reach it, at once, and reports it', () => {
    expect(read('email', { id: 'p1', email: seal('email', 'a@b.example') })).toEqual({
      data: { person: { email: 'a@b.example' } },
      errors: [],
      opened: [{ type: 'Person', id: 'p1', field: 'email', shown: 'CLEAR' }],
    })
  })

  it('opens an object, whose fields have rules of their own', () => {
    const person = { id: 'p1', address: seal('address', { city: 'Paris' }) }
    expect(read('address { city }', person).data).toEqual({ person: { address: { city: 'Paris' } } })
    expect(read('address { city }', person, callerWith('SUPPORT'))).toMatchObject({
      data: { person: { address: { city: null } } },
      errors: ['person.address.city FORBIDDEN'],
    })
  })

  it('reports the row that the value is bound to when the host does not know the record', () => {
    expect(read('email', { email: seal('email', 'a@b.example') }).opened).toEqual([
      { type: 'PersonRow', id: 'row-1', field: 'email', shown: 'CLEAR' },
    ])
  })

  it('is not opened when it is not selected', () => {
    const person = { id: 'p1', age: 40, email: sealForGood('email') }
    expect(read('age', person)).toEqual({ data: { person: { age: 40 } }, errors: [], opened: [] })
  })

  it('fails, and reports nothing, when the value does not open', () => {
    expect(read('email', { id: 'p1', email: sealForGood('email') })).toEqual({
      data: { person: { email: null } },
      errors: [`person.email ${new OpenFailed().code}`],
      opened: [],
    })
  })

  it('does not answer when its opening cannot be reported', () => {
    const failing = {
      ...protection,
      opened: () => {
        throw new Error('full')
      },
    }
    const unheard = protectSchema(build(SDL, { Text }), failing, sealedPeople('email', jsonColumn('address')))
    const root = { person: { id: 'p1', email: seal('email', 'a@b.example') } }
    const answer = ask({ schema: unheard, query: '{ person { email } }', caller: callerWith('ADMIN'), root })
    expect(answer.data).toEqual({ person: { email: null } })
  })

  it.each(['a@b.example', ['a@b.example'], { email: 'x' }, 7, true])(
    'never answers with a plain value: %p',
    (email) => {
      expect(read('email', { id: 'p1', email })).toEqual({
        data: { person: { email: null } },
        errors: ['person.email INTERNAL_SERVER_ERROR'],
        opened: [],
      })
    },
  )
})

describe('a field without @encrypted', () => {
  it.each(['nickname', 'text', 'id'])('never prints a sealed value: %s', (field) => {
    expect(read(field, { [field]: sealForGood('email') })).toEqual({
      data: { person: { [field]: null } },
      errors: [`person.${field} INTERNAL_SERVER_ERROR`],
      opened: [],
    })
  })

  it('never prints one in a list', () => {
    expect(read('tags', { tags: ['a', sealForGood('email')] }).errors).toEqual([
      'person.tags INTERNAL_SERVER_ERROR',
    ])
  })

  it('answers with anything else as before', () => {
    const person = { id: 'p1', nickname: 'Al', tags: ['a', null], text: new Date(0), age: 40 }
    expect(read('id nickname tags age', person)).toEqual({
      data: { person: { id: 'p1', nickname: 'Al', tags: ['a', null], age: 40 } },
      errors: [],
      opened: [],
    })
  })
})

describe('a refused field', () => {
  it('does not run its resolver, and tells the host', () => {
    const resolver = jest.fn(() => 'value')
    const guarded = protect(
      'type Query { open: String @public, secret: String @requiresRole(anyOf: [ADMIN, FINANCE]) }',
      { Query: { open: resolver, secret: resolver } },
    )
    const caller = callerWith('SUPPORT')
    expect(ask({ schema: guarded, query: '{ alias: secret }', caller })).toEqual({
      data: { alias: null },
      errors: ['alias FORBIDDEN'],
    })
    expect(resolver).not.toHaveBeenCalled()
    expect(caller.refused).toEqual([
      { coordinate: 'Query.secret', path: 'alias', requires: ['ADMIN', 'FINANCE'] },
    ])
    expect(ask({ schema: guarded, query: '{ open secret }', caller: callerWith('FINANCE') }).data).toEqual({
      open: 'value',
      secret: 'value',
    })
  })

  it('takes its own roles before those of its type', () => {
    const narrowed = protect(
      'type Query @requiresRole(anyOf: [SUPPORT, ADMIN]) { a: String b: String @requiresRole(anyOf: [ADMIN]) }',
    )
    const answer = ask({
      schema: narrowed,
      query: '{ a b }',
      caller: callerWith('SUPPORT'),
      root: { a: 'a', b: 'b' },
    })
    expect(answer).toEqual({ data: { a: 'a', b: null }, errors: ['b FORBIDDEN'] })
  })

  it('makes its parent null where it must not be null', () => {
    const strict = protect(
      'type Query { box: Box @public } type Box @requiresRole(anyOf: [ADMIN]) { secret: String! }',
    )
    const answer = ask({
      schema: strict,
      query: '{ box { secret } }',
      caller: callerWith(),
      root: { box: {} },
    })
    expect(answer).toEqual({ data: { box: null }, errors: ['box.secret FORBIDDEN'] })
  })
})

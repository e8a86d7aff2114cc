import { describe, expect, it, jest } from '@jest/globals'
import { parse, subscribe } from 'graphql'
import { ask, callerWith, protect } from './harness.ts'

const SDL = `
  enum Status { OPEN CLOSED ERASED @requiresRole(anyOf: [ADMIN]) }
  input Filter { name: String email: String @requiresRole(anyOf: [ADMIN]) status: [Status!] and: [Filter!] }
  type Query {
    find(filter: Filter, limit: Int, all: Boolean @requiresRole(anyOf: [ADMIN]), statuses: [[Status]]): String @public
    status: Status @public
    statuses: [Status] @public
    later: [Status] @public
  }
  type Subscription { changes(filter: Filter): String @requiresRole(anyOf: [SUPPORT, ADMIN]) }`

const find = jest.fn(() => 'found')
async function* changes() {
  await Promise.resolve()
  yield { changes: 'one' }
}
const start = jest.fn(changes)
const schema = protect(SDL, {
  Status: { OPEN: 1, CLOSED: 2, ERASED: 3 },
  Query: {
    find,
    status: () => 3,
    statuses: () => [1, 3, 2],
    later: () => [1, 2],
  },
  Subscription: { changes: { subscribe: start } },
})

const REFUSED = [
  ['an argument', '{ find(all: true) }', {}, 'Query.find(all:)'],
  ['an argument that is null', '{ find(all: null) }', {}, 'Query.find(all:)'],
  [
    'an argument by variable',
    'query ($all: Boolean) { find(all: $all) }',
    { all: false },
    'Query.find(all:)',
  ],
  ['an argument by default', 'query ($all: Boolean = true) { find(all: $all) }', {}, 'Query.find(all:)'],
  ['an input field', '{ find(filter: { email: "a" }) }', {}, 'Filter.email'],
  ['a nested one', '{ find(filter: { and: [{ name: "a" }, { and: { email: "a" } }] }) }', {}, 'Filter.email'],
  [
    'one by variable',
    'query ($f: Filter) { find(filter: $f) }',
    { f: { and: [{ email: null }] } },
    'Filter.email',
  ],
  ['one by variable in it', 'query ($e: String) { find(filter: { email: $e }) }', { e: 'a' }, 'Filter.email'],
  ['one by default', 'query ($f: Filter = { email: "a" }) { find(filter: $f) }', {}, 'Filter.email'],
  ['an enum value', '{ find(filter: { status: ERASED }) }', {}, 'Status.ERASED'],
  ['one in lists', '{ find(statuses: [[OPEN], null, [CLOSED, ERASED]]) }', {}, 'Status.ERASED'],
  ['one by variable', 'query ($s: Status) { find(statuses: [[$s]]) }', { s: 'ERASED' }, 'Status.ERASED'],
] as const

describe('a restricted input', () => {
  it.each(REFUSED)('is refused before the resolver runs: %s', (_name, query, variables, coordinate) => {
    find.mockClear()
    const caller = callerWith('SUPPORT')
    expect(ask({ schema, query, variables, caller })).toEqual({
      data: { find: null },
      errors: ['find FORBIDDEN'],
    })
    expect(caller.refused).toEqual([{ coordinate, path: 'find', requires: ['ADMIN'] }])
    expect(find).not.toHaveBeenCalled()
    expect(ask({ schema, query, variables, caller: callerWith('ADMIN') }).data).toEqual({ find: 'found' })
  })

  it.each([
    ['nothing of it', '{ find(filter: { name: "a", status: [OPEN] }, limit: 1, statuses: [OPEN]) }', {}],
    [
      'a variable that is not given',
      'query ($all: Boolean, $e: String) { find(all: $all, filter: { email: $e }) }',
      {},
    ],
    ['no arguments', '{ find }', {}],
  ])('does not refuse who gives %s', (_name, query, variables) => {
    expect(ask({ schema, query, variables, caller: callerWith('SUPPORT') }).data).toEqual({ find: 'found' })
  })
})

describe('a restricted enum value in a result', () => {
  it('is null with FORBIDDEN, alone or in its place in a list', () => {
    const caller = callerWith('SUPPORT')
    expect(ask({ schema, query: '{ status statuses later }', caller })).toEqual({
      data: { status: null, statuses: ['OPEN', null, 'CLOSED'], later: ['OPEN', 'CLOSED'] },
      errors: ['status FORBIDDEN', 'statuses.1 FORBIDDEN'],
    })
    expect(caller.refused.map(({ coordinate }) => coordinate)).toEqual(['Status.ERASED', 'Status.ERASED'])
  })

  it('is shown to who holds its role', () => {
    expect(ask({ schema, query: '{ status statuses }', caller: callerWith('ADMIN') })).toEqual({
      data: { status: 'ERASED', statuses: ['OPEN', 'ERASED', 'CLOSED'] },
      errors: [],
    })
  })
})

describe('a subscription', () => {
  const open = (query: string, ...roles: string[]) =>
    subscribe({ schema, document: parse(query), contextValue: callerWith(...roles) })

  it('does not start for who may not see it, or asks by what is restricted', async () => {
    start.mockClear()
    for (const result of [
      await open('subscription { changes }', 'CUSTOMER'),
      await open('subscription { changes(filter: { email: "a" }) }', 'SUPPORT'),
    ]) {
      expect(result).toMatchObject({ errors: [{ originalError: { code: 'FORBIDDEN' } }] })
    }
    expect(start).not.toHaveBeenCalled()
  })

  it('starts for who may', async () => {
    const events = await open('subscription { changes }', 'SUPPORT')
    if (!(Symbol.asyncIterator in events)) throw new Error('It did not start.')
    expect(await events.next()).toMatchObject({ value: { data: { changes: 'one' } } })
  })
})

import { describe, expect, it } from '@jest/globals'
import { parse } from 'graphql'
import { authoriseOperation, createAuthoriser } from '../../../src/graphql/directives/authorise-operation.ts'
import { build } from './harness.ts'

const schema = build(`
  interface Node { id: ID! }
  interface Payment { id: ID! amount: Int }
  type Customer implements Node @requiresRole(anyOf: [SUPPORT, ADMIN]) {
    id: ID!
    email: String
    note: String @requiresRole(anyOf: [ADMIN])
    parent: Customer
  }
  type Charge implements Node & Payment { id: ID! amount: Int customer: Customer }
  type Refund implements Node & Payment { id: ID! amount: Int reason: String @requiresRole(anyOf: [ADMIN]) }
  union Reversal = Charge | Refund
  enum Status { OPEN ERASED @requiresRole(anyOf: [ADMIN]) }
  input Filter { name: String email: String @requiresRole(anyOf: [ADMIN]) status: [Status!] and: [Filter!] }
  type Payload { charge: Charge payment: Payment reversal: Reversal }
  type Query { node(id: ID): Node @public customer: Customer @public find(filter: Filter, all: Boolean @requiresRole(anyOf: [ADMIN])): Charge @public }
  type Mutation { pay(filter: Filter, status: Status): Payload @public wipe: Payload @requiresRole(anyOf: [ADMIN]) }
  type Subscription { charged: Charge @requiresRole(anyOf: [ADMIN]) }
`)
const authorise = createAuthoriser(schema)

interface Asked {
  readonly variables?: unknown
  readonly operationName?: string | null
  readonly roles?: readonly string[]
}

function refusalsOf(
  query: string,
  { variables = {}, operationName = null, roles = ['SUPPORT'] }: Asked = {},
): string[] {
  const refusals = authorise({ document: parse(query), operationName, variables, roles: new Set(roles) })
  return refusals.map(({ coordinate, path }) => `${coordinate} at ${path}`).sort()
}

describe('what an operation asks for beyond its roles', () => {
  it.each([
    ['a root field', 'mutation { wipe { charge { id } } }', ['Mutation.wipe at wipe']],
    [
      'a root field of a subscription',
      'subscription { charged { id } }',
      ['Subscription.charged at charged'],
    ],
    [
      'a field',
      'mutation { pay { charge { customer { note } } } }',
      ['Customer.note at pay.charge.customer.note'],
    ],
    [
      'an alias',
      'mutation { a: pay { b: charge { c: customer { d: note } } } }',
      ['Customer.note at a.b.c.d'],
    ],
    [
      'a fragment',
      'mutation { pay { ...P } } fragment P on Payload { charge { customer { ...C } } } fragment C on Customer { note }',
      ['Customer.note at pay.charge.customer.note'],
    ],
    ['an inline fragment', '{ customer { ... { note } } }', ['Customer.note at customer.note']],
    [
      'a union',
      'mutation { pay { reversal { ... on Refund { reason } } } }',
      ['Refund.reason at pay.reversal.reason'],
    ],
    [
      'an interface',
      'mutation { pay { payment { ... on Refund { reason } } } }',
      ['Refund.reason at pay.payment.reason'],
    ],
    [
      'an interface in a union',
      'mutation { pay { reversal { ... on Payment { ... on Refund { reason } } } } }',
      ['Refund.reason at pay.reversal.reason'],
    ],
    ['node', '{ node { ... on Customer { note } } }', ['Customer.note at node.note']],
    [
      'each of two aliases',
      '{ customer { a: note b: note } }',
      ['Customer.note at customer.a', 'Customer.note at customer.b'],
    ],
  ])('%s', (_name, query, refusals) => {
    expect(refusalsOf(query)).toEqual(refusals)
    expect(refusalsOf(query, { roles: ['ADMIN'] })).toEqual([])
  })

  it('is judged for every type that an interface may be', () => {
    expect(refusalsOf('{ node { id } }', { roles: [] })).toEqual(['Customer.id at node.id'])
    expect(refusalsOf('mutation { pay { payment { id } } }', { roles: [] })).toEqual([])
  })

  it('tells which roles would do', () => {
    const document = parse('{ customer { email } }')
    expect(authoriseOperation(schema, document, null, null, new Set())).toEqual([
      { coordinate: 'Customer.email', path: 'customer.email', requires: ['SUPPORT', 'ADMIN'] },
    ])
  })

  it('is nothing for introspection, and for a type condition that cannot be met', () => {
    expect(
      refusalsOf('{ __typename __schema { types { name } } __type(name: "X") { name } }', { roles: [] }),
    ).toEqual([])
    expect(
      refusalsOf('mutation { pay { reversal { ... on Charge { ... on Refund { reason } } } } }'),
    ).toEqual([])
  })

  it('is told of one operation only', () => {
    const query = 'query A { customer { email } } query B { customer { note } }'
    expect(refusalsOf(query, { operationName: 'A' })).toEqual([])
    expect(refusalsOf(query, { operationName: 'B' })).toEqual(['Customer.note at customer.note'])
    expect(refusalsOf(query)).toEqual([])
    expect(refusalsOf(query, { operationName: 'C' })).toEqual([])
  })
})

const INPUTS: readonly (readonly [string, string, unknown, readonly string[]])[] = [
  ['an argument', '{ find(all: false) { id } }', {}, ['Query.find(all:) at find']],
  [
    'an argument by variable',
    'query ($a: Boolean) { find(all: $a) { id } }',
    { a: null },
    ['Query.find(all:) at find'],
  ],
  [
    'an argument by default',
    'query ($a: Boolean = true) { find(all: $a) { id } }',
    {},
    ['Query.find(all:) at find'],
  ],
  ['an argument without a value', 'query ($a: Boolean) { find(all: $a) { id } }', {}, []],
  [
    'an input field',
    'mutation { pay(filter: { and: { email: "a" } }) { __typename } }',
    {},
    ['Filter.email at pay'],
  ],
  [
    'one in a variable',
    'mutation ($f: Filter) { pay(filter: $f) { __typename } }',
    { f: { and: [{ name: 'a' }, { email: null }] } },
    ['Filter.email at pay'],
  ],
  [
    'one in a lone item',
    'mutation ($f: Filter) { pay(filter: $f) { __typename } }',
    { f: { and: { and: { email: 'a' } } } },
    ['Filter.email at pay'],
  ],
  [
    'one in a default',
    'mutation ($f: Filter = { email: "a" }) { pay(filter: $f) { __typename } }',
    {},
    ['Filter.email at pay'],
  ],
  [
    'a default that is replaced',
    'mutation ($f: Filter = { email: "a" }) { pay(filter: $f) { __typename } }',
    { f: {} },
    [],
  ],
  [
    'one whose variable is not given',
    'mutation ($e: String) { pay(filter: { email: $e }) { __typename } }',
    {},
    [],
  ],
  [
    'a variable in a literal',
    'mutation ($f: Filter!) { pay(filter: { and: [$f] }) { __typename } }',
    { f: { email: 'a' } },
    ['Filter.email at pay'],
  ],
  ['an enum value', 'mutation { pay(status: ERASED) { __typename } }', {}, ['Status.ERASED at pay']],
  [
    'one in a variable',
    'mutation ($s: Status) { pay(status: $s) { __typename } }',
    { s: 'ERASED' },
    ['Status.ERASED at pay'],
  ],
  [
    'one in a list',
    'mutation ($f: Filter) { pay(filter: $f) { __typename } }',
    { f: { status: ['OPEN', 'ERASED'] } },
    ['Status.ERASED at pay'],
  ],
  ['another value', 'mutation ($s: Status) { pay(status: $s) { __typename } }', { s: 'OPEN' }, []],
  [
    'a key that every object has',
    'mutation ($f: Filter) { pay(filter: $f) { __typename } }',
    { f: JSON.parse('{"__proto__": {"email": 1}}') as unknown },
    [],
  ],
]

describe('what an operation gives beyond its roles', () => {
  it.each(INPUTS)('%s: %s', (_name, query, variables, refusals) => {
    expect(refusalsOf(query, { variables })).toEqual(refusals)
    expect(refusalsOf(query, { variables, roles: ['ADMIN'] })).toEqual([])
  })
})

describe('@skip and @include', () => {
  const refused = ['Customer.note at customer.note']
  it.each([
    ['{ customer { id note @skip(if: true) } }', {}, []],
    ['{ customer { id note @include(if: false) } }', {}, []],
    ['{ customer { id note @skip(if: false) @include(if: true) } }', {}, refused],
    ['query ($s: Boolean!) { customer { id note @skip(if: $s) } }', { s: true }, []],
    ['query ($s: Boolean!) { customer { id note @skip(if: $s) } }', { s: false }, refused],
    ['query ($s: Boolean = true) { customer { id note @skip(if: $s) } }', {}, []],
    ['query ($s: Boolean = true) { customer { id note @skip(if: $s) } }', { s: false }, refused],
    ['query ($i: Boolean = false) { customer { id ... @include(if: $i) { note } } }', {}, []],
    [
      'query ($i: Boolean!) { customer { id ...F @include(if: $i) } } fragment F on Customer { note }',
      { i: false },
      [],
    ],
    ['query ($s: Boolean!) { customer { id note @skip(if: $s) } }', {}, refused],
    ['query ($s: Boolean!) { customer { id note @skip(if: $s) } }', { s: 'true' }, refused],
    ['query ($i: Boolean!) { customer { id note @include(if: $i) } }', { i: 0 }, refused],
  ])('%s with %j', (query, variables, refusals) => {
    expect(refusalsOf(query, { variables })).toEqual(refusals)
  })
})

describe('hostile operations', () => {
  it('are judged once where fragments fan out to 2^30 paths', () => {
    const fragments = Array.from(
      { length: 30 },
      (_, at) => `fragment F${at} on Customer { a: parent { ...F${at + 1} } b: parent { ...F${at + 1} } }`,
    )
    const query = `{ customer { ...F0 } } ${fragments.join(' ')} fragment F30 on Customer { note }`
    expect(refusalsOf(query)).toHaveLength(1)
  })

  it('end where fragments go in circles', () => {
    const query =
      '{ customer { ...A } } fragment A on Customer { parent { ...B } } fragment B on Customer { ...A note ...B }'
    expect(refusalsOf(query)).toEqual(['Customer.note at customer.parent.note'])
  })

  it('are walked however deep their variables are', () => {
    let filter: unknown = { email: 'a' }
    for (let depth = 0; depth < 100_000; depth += 1) filter = { and: depth % 2 === 0 ? [filter] : filter }
    const query = 'mutation ($f: Filter) { pay(filter: $f) { __typename } }'
    expect(refusalsOf(query, { variables: { f: filter } })).toEqual(['Filter.email at pay'])
  })

  it('walk a variable once, however often it is used', () => {
    const uses = Array.from({ length: 500 }, (_, at) => `a${at}: pay(filter: $f) { __typename }`).join(' ')
    const filter = { and: Array.from({ length: 20_000 }, () => ({ email: 'a' })) }
    expect(refusalsOf(`mutation ($f: Filter) { ${uses} }`, { variables: { f: filter } })).toHaveLength(100)
  })

  it('are refused with 100 reasons at most', () => {
    const aliases = Array.from({ length: 5_000 }, (_, at) => `a${at}: note`).join(' ')
    expect(refusalsOf(`{ customer { ${aliases} } }`)).toHaveLength(100)
  })

  it.each([
    '{ nothing { note } customer { nothing note { x } } }',
    '{ customer { ...Missing ... on Missing { note } ... on Status { note } } }',
    '{ customer }',
    '{ find(filter: ERASED, nothing: 1) { id } find(filter: [[{ and: 1 }]]) { id } find(filter: $x) { id } }',
    'query ($f: Missing) { find(filter: $f) { id } }',
    'fragment F on Customer { note }',
  ])('are survived when they are invalid: %s', (query) => {
    for (const variables of [{ f: 7 }, null, 'text', [], { f: { and: 7, status: {} } }]) {
      expect(Array.isArray(refusalsOf(query, { variables }))).toBe(true)
    }
  })
})

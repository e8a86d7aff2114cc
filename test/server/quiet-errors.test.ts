import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { GraphQLError, type GraphQLScalarType, type GraphQLSchema } from 'graphql'
import { BadUserInput } from '../../src/errors.ts'
import { schemaOf, startServer, type RunningServer } from './test-server.ts'

const MARK = 'MARKEDVALUE'
const NUMBER = '7182818284'

const typeDefs = /* GraphQL */ `
  scalar Picky
  scalar Talkative
  scalar Kind
  enum Colour {
    MARKEDVALUER
    GREEN
  }
  input Item {
    name: String!
    count: Int
    on: Boolean
    ratio: Float
    id: ID
    colour: Colour
    picky: Picky
    talkative: Talkative
    items: [Item!]
  }
  input Either @oneOf {
    a: String
    b: Int
  }
  type Query {
    take(
      item: Item
      items: [Item!]
      either: Either
      colour: Colour
      count: Int
      on: Boolean
      ratio: Float
      id: ID
    ): Int
    talk(value: Talkative, kind: Kind): Int
    pick(value: Picky): Int
    need(count: Int! = 1): Int
    deep(item: Item): Int
  }
`

function schema(): GraphQLSchema {
  const built = schemaOf(typeDefs, {})
  const parses = (name: string, parseValue: (value: unknown) => unknown) =>
    Object.assign(built.getType(name) as GraphQLScalarType, {
      parseValue,
      parseLiteral: (node: { value: unknown }) => parseValue(node.value),
    })
  parses('Picky', () => {
    throw new BadUserInput('A picky value is never right.')
  })
  parses('Talkative', (value) => {
    throw new TypeError(`I do not like ${String(value)}`)
  })
  parses('Kind', (value) => {
    throw new GraphQLError(`Field "${String(value)}" is not defined by type "${String(value)}".`)
  })
  return built
}

let server: RunningServer
let open: RunningServer
beforeAll(async () => {
  server = await startServer({ schema: schema() })
  open = await startServer({ schema: schema(), hideSuggestions: false })
})
afterAll(async () => {
  await server.close()
  await open.close()
})

const asked = async (to: RunningServer, body: unknown) => {
  const response = await to.post(body)
  return { status: response.status, text: await response.text() }
}

/** An argument and a literal that does not fit it. */
const literals: [string, string][] = [
  ['an Int', `take(count: "${MARK}")`],
  ['an Int that is too large', `take(count: ${NUMBER}00000)`],
  ['an Int with a fraction', `take(count: ${NUMBER}.5)`],
  ['an Int that is an enum', `take(count: ${MARK})`],
  ['an Int that is an object', `take(count: { a: "${MARK}" })`],
  ['an Int that is a list', `take(count: ["${MARK}"])`],
  ['a Boolean', `take(on: "${MARK}")`],
  ['a Float', `take(ratio: "${MARK}")`],
  ['an ID', `take(id: ${NUMBER}.5)`],
  ['an enum that is a string', `take(colour: "${MARK}")`],
  ['an enum that nearly is one', `take(colour: ${MARK})`],
  ['an input object that is a string', `take(item: "${MARK}")`],
  ['an input object without its field', `take(item: { count: ${NUMBER} })`],
  ['a field of an input object', `take(item: { name: "${MARK}", count: "${MARK}" })`],
  ['a list item', `take(items: [{ name: "a" }, "${MARK}"])`],
  ['null for what must not be', `take(item: { name: null, id: "${MARK}" })`],
  ['two of one', `take(either: { a: "${MARK}", b: ${NUMBER} })`],
  ['a null for one of', `take(either: { a: null }, id: "${MARK}")`],
  ['a scalar that quotes', `talk(value: "${MARK}")`],
  ['a scalar that quotes as graphql-js would', `talk(kind: "${MARK}")`],
  ['a scalar that is ours', `pick(value: "${MARK}")`],
]

describe('a literal that is wrong is not repeated', () => {
  it.each(literals)('%s', async (_what, field) => {
    const { status, text } = await asked(server, { query: `{ ${field} }` })
    expect(status).toBe(400)
    expect(text).not.toContain(MARK)
    expect(text).not.toContain(NUMBER)
    expect((await asked(open, { query: `{ ${field} }` })).text).not.toContain(MARK)
  })

  it.each(literals)('%s, as the default of a variable', async (_what, field) => {
    const [, value = ''] = /^\w+\(\w+: ?(.*)\)$/.exec(field) ?? []
    const type = /colour/.test(field) ? 'Colour' : /item:/.test(field) ? 'Item' : 'Int'
    const { status, text } = await asked(server, {
      query: `query ($v: ${type} = ${value.split(', id')[0]}) { take }`,
    })
    expect(status).toBe(400)
    expect(text).not.toContain(MARK)
    expect(text).not.toContain(NUMBER)
  })

  it('nor is a token of a document that does not parse', async () => {
    for (const query of [
      `{ take(id: "${MARK}" `,
      `{ "${MARK}" }`,
      `{ take(id: "${MARK}`,
      `{ take(id: ${NUMBER}x) }`,
      `"""${MARK}""" ${NUMBER}`,
    ]) {
      const { status, text } = await asked(server, { query })
      expect(status).toBe(400)
      expect(text).not.toContain(MARK)
      expect(text).not.toContain(NUMBER)
    }
  })

  it('nor are the values of fields that cannot be merged', async () => {
    const query = `{ take(id: "${MARK}") take(id: "other") }`
    const { text } = await asked(server, { query })
    expect(text).toContain('differing arguments')
    expect(text).not.toContain(MARK)
  })

  it('while names and types that would be right are said', async () => {
    expect((await asked(server, { query: '{ take(count: "x") }' })).text).toContain('expected Int')
    expect((await asked(server, { query: '{ take(item: { count: 1 }) }' })).text).toContain(
      'of required type \\"String!\\"',
    )
    expect((await asked(server, { query: '{ pick(value: "x") }' })).text).toContain(
      'A picky value is never right.',
    )
  })
})

describe('a variable that is wrong is not repeated', () => {
  it.each<[string, string, unknown, string]>([
    ['an Int', 'Int', MARK, '"$v" got an invalid value; expected Int.'],
    ['an Int that is an object', 'Int', { a: MARK }, 'expected Int.'],
    ['a Boolean', 'Boolean', MARK, 'expected Boolean.'],
    ['a Float', 'Float', MARK, 'expected Float.'],
    ['an ID', 'ID', { [MARK]: MARK }, 'expected ID.'],
    ['an enum', 'Colour', MARK, 'expected Colour.'],
    ['an enum that is no string', 'Colour', Number(NUMBER), 'expected Colour.'],
    ['an input object', 'Item', MARK, 'expected Item.'],
    ['an input object that is a list', 'Item', [MARK], 'expected Item.'],
    ['a missing field', 'Item', { id: MARK }, 'the field "name" of type String! is missing.'],
    ['an unknown field', 'Item', { name: 'a', [MARK]: 1 }, 'it has a field that Item does not have.'],
    ['a field', 'Item', { name: 'a', count: MARK }, 'at "v.count"; expected Int.'],
    [
      'a nested field',
      'Item',
      { name: MARK, items: [{ name: 'a', items: [{ name: 'a', on: MARK }] }] },
      'at "v.items[0].items[0].on"; expected Boolean.',
    ],
    ['a null', 'Item', { name: null, id: MARK }, 'at "v.name"; expected String!, not null.'],
    ['a list item', '[Item!]', [{ name: 'a' }, MARK], 'at "v[1]"; expected Item!.'],
    ['two of one', 'Either', { a: MARK, b: 1 }, 'exactly one field of Either must be given.'],
    ['a null for one of', 'Either', { a: null }, '"v.a"'],
    ['a scalar that quotes', 'Talkative', MARK, 'expected Talkative.'],
    ['a scalar that quotes as graphql-js would', 'Kind', MARK, 'expected Kind.'],
    ['a scalar that is ours', 'Picky', MARK, 'A picky value is never right.'],
  ])('%s', async (_what, type, value, message) => {
    const query = `query ($v: ${type}) { talk ${useOf(type)} }`
    const { status, text } = await asked(server, { query, variables: { v: value } })
    expect(status).toBe(400)
    expect(JSON.parse(text)).not.toHaveProperty('data')
    expect((JSON.parse(text) as { errors: { message: string }[] }).errors[0]!.message).toContain(message)
    expect(text).not.toContain(MARK)
    expect(text).not.toContain(NUMBER)
  })

  it('nor is one that is missing or null where it must not be', async () => {
    const query = 'query ($v: Int!) { take(count: $v) }'
    expect((await asked(server, { query })).text).toContain('Variable \\"$v\\" of type Int! is missing.')
    expect((await asked(server, { query, variables: { v: null } })).text).toContain(
      'expected Int!, not null.',
    )
  })

  it('nor a null that only the argument refuses, while it runs', async () => {
    const { text } = await asked(server, {
      query: 'query ($v: Int) { need(count: $v) }',
      variables: { v: null },
    })
    expect(text).toContain('Argument \\"count\\" needs a value of type Int!.')
    expect(text).toContain('BAD_USER_INPUT')
  })

  it('nor a literal around a variable that nobody gave, while it runs', async () => {
    const query = `query ($v: String = "a") { deep(item: { name: $v, id: "${MARK}" }) }`
    const { text } = await asked(server, { query, variables: { v: null } })
    expect(text).toContain('Argument \\"item\\" has an invalid value.')
    expect(text).not.toContain(MARK)
  })

  it('and ten faults are enough', async () => {
    const variables = { v: Array.from({ length: 5000 }, () => MARK) }
    const { text } = await asked(server, { query: 'query ($v: [Item!]) { take(items: $v) }', variables })
    expect((JSON.parse(text) as { errors: unknown[] }).errors).toHaveLength(10)
  })
})

function useOf(type: string): string {
  const argument = { Talkative: 'talk(value: $v)', Kind: 'talk(kind: $v)', Picky: 'pick(value: $v)' }[type]
  const name = {
    Item: 'item',
    '[Item!]': 'items',
    Either: 'either',
    Colour: 'colour',
    Int: 'count',
    Boolean: 'on',
    Float: 'ratio',
    ID: 'id',
  }[type]
  return argument === undefined ? `x: take(${name}: $v)` : `x: ${argument}`
}

describe('what the schema has', () => {
  const misspelt = [
    '{ tak }',
    '{ take(cuont: 1) }',
    '{ take(item: { nam: "a" }) }',
    'query ($v: Itm) { take }',
    '{ take(colour: GREE) }',
    '{ take @skp(if: true) }',
  ]

  it('is suggested to nobody when suggestions are hidden', async () => {
    for (const query of misspelt) expect((await asked(server, { query })).text).not.toContain('Did you mean')
  })

  it('is suggested where it may be', async () => {
    expect((await asked(open, { query: '{ tak }' })).text).toContain('Did you mean')
  })

  it('is told by introspection unless that is turned off', async () => {
    const closed = await startServer({ introspection: false })
    try {
      for (const query of [
        '{ __schema { types { name } } }',
        '{ ...A } fragment A on Query { __type(name: "Query") { name } }',
      ]) {
        expect((await asked(server, { query })).status).toBe(200)
        const { status, text } = await asked(closed, { query })
        expect([status, text]).toEqual([
          403,
          expect.stringContaining('Introspection is turned off on this server.'),
        ])
      }
      expect((await asked(closed, { query: '{ __typename }' })).status).toBe(200)
    } finally {
      await closed.close()
    }
  })
})

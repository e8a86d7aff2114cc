import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { serverAudits } from 'graphql-http'
import { startServer, type RunningServer } from './test-server.ts'

/**
 * The three warnings that are meant. Each wants 200 for a request that is refused before it runs, when the
 * answer is application/json. We answer 400 as Apollo Server does: a monitor, a balancer and a retrying
 * client then see that it was refused without reading the body.
 */
const MEANT = ['572B', 'FDE2', '7B9B']

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const get = (query: string, headers: Record<string, string> = { 'apollo-require-preflight': 'true' }) =>
  fetch(`${server.url}/graphql?${query}`, { headers })

describe('the audits of graphql-http', () => {
  const isGet = (name: string) => name.includes('GET')

  it('find no error, and no warning but the three that are meant', async () => {
    const audits = serverAudits({ url: () => `${server.url}/graphql` })
    const results = await Promise.all(audits.map((audit) => audit.fn()))
    const of = (status: string) => results.filter((result) => result.status === status)
    expect(results.length).toBeGreaterThan(50)
    expect(of('error')).toEqual([])
    expect(of('warn').map(({ id }) => id)).toEqual(MEANT)
    expect(of('notice').every(({ name }) => isGet(name))).toBe(true)
  })

  it('find nothing amiss with GETs that carry the header against cross-site requests', async () => {
    const headers = { 'apollo-require-preflight': 'true' }
    const fetchFn: typeof fetch = (url, init) =>
      fetch(url, {
        ...init,
        headers: { ...(init?.headers as Record<string, string> | undefined), ...headers },
      })
    const audits = serverAudits({ url: `${server.url}/graphql`, fetchFn }).filter(({ name }) => isGet(name))
    const results = await Promise.all(audits.map((audit) => audit.fn()))
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'ok'))
  })
})

describe('a POST', () => {
  it.each([
    ['application/json', 'application/json; charset=utf-8'],
    ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ])('is answered in %s, errors too', async (accept, type) => {
    for (const query of ['{ hello }', '{ nothing }', '{ fails }']) {
      const response = await server.post({ query }, { accept })
      expect(response.headers.get('content-type')).toBe(type)
    }
  })

  it.each([
    ['an array, as a batch would be', '[{"query":"{ hello }"}]'],
    ['a string', '"{ hello }"'],
    ['null', 'null'],
    ['no query', '{"query":null}'],
    ['an empty query', '{"query":""}'],
    ['a query that is no string', '{"query":{"kind":"Document"}}'],
    ['variables that are a string', '{"query":"{ hello }","variables":"{}"}'],
    ['variables that are an array', '{"query":"{ hello }","variables":[]}'],
    ['an operation name that is no string', '{"query":"{ hello }","operationName":["hello"]}'],
    ['an operation that is not there', '{"query":"query A { hello }","operationName":"B"}'],
    ['an operation name for an anonymous operation', '{"query":"{ hello }","operationName":"A"}'],
    ['two operations and no name', '{"query":"query A { hello } query B { hello }"}'],
    ['a fragment and no operation', '{"query":"fragment A on Query { hello }"}'],
    ['a query that is hidden in the prototype', '{"__proto__":{"query":"{ hello }"}}'],
    ['a type definition', '{"query":"type Query { hello: String }"}'],
    ['a subscription', '{"query":"subscription { hello }"}'],
    ['a deferred fragment', '{"query":"{ ... @defer { hello } }"}'],
    [
      'only a hash, for which no document is kept',
      `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"0"}}}`,
    ],
  ])('of %s is refused with 400', async (_what, body) => {
    const response = await server.post(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  })

  it('runs the operation that is named', async () => {
    const query = 'query A { hello } query B { __typename }'
    expect(await (await server.post({ query, operationName: 'B' })).json()).toEqual({
      data: { __typename: 'Query' },
    })
  })

  it('answers an alias that is a name of Object.prototype like any other', async () => {
    const text = await (await server.post({ query: '{ __proto__: hello constructor: hello }' })).text()
    expect(text).toBe('{"data":{"__proto__":"world","constructor":"world"}}')
  })

  it('keeps what was answered beside what failed', async () => {
    const response = await server.post({ query: '{ hello fails }' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      data: { hello: 'world', fails: null },
      errors: [{ path: ['fails'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    })
  })
})

describe('a GET', () => {
  it('queries', async () => {
    const query = new URLSearchParams({
      query: 'query ($t: String) { shout(text: $t) }',
      variables: '{"t":"loud"}',
    })
    expect(await (await get(query.toString())).json()).toEqual({ data: { shout: 'loud' } })
  })

  it('never mutates', async () => {
    const response = await get('query=mutation{charge}')
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
  })

  it('is refused without a header that a form or an image cannot send', async () => {
    for (const headers of [{}, { 'apollo-require-preflight': '' }, { 'content-type': 'text/plain' }]) {
      expect((await get('query={hello}', headers)).status).toBe(400)
    }
  })

  it.each([
    ['query={hello}&query={hello}'],
    ['query={hello}&variables={}&variables={}'],
    ['query={hello}&variables=nope'],
  ])('of %s is refused', async (query) => {
    expect((await get(query)).status).toBe(400)
  })
})

describe('authentication', () => {
  it('leaves a request without a token anonymous', async () => {
    expect(await (await server.post({ query: '{ caller }' })).json()).toEqual({ data: { caller: 'nobody' } })
  })

  it('knows the caller of a good token', async () => {
    const response = await server.post({ query: '{ caller }' }, { authorization: 'Bearer good' })
    expect(await response.json()).toEqual({ data: { caller: 'anna' } })
  })

  it('refuses the whole request for a bad one, even where none is needed', async () => {
    const response = await server.post({ query: '{ hello }' }, { authorization: 'Bearer bad' })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).not.toHaveProperty('data')
  })
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { openPlayground, type PlaygroundPage } from '../playground/playground-page.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { launchChromium } from '../support/chromium.ts'

// A browser on a busy machine.
jest.setTimeout(20_000)

const EMAIL = 'beatrix.northcote@example.com'
const MASKED_EMAIL = 'b***@example.com'

let browser: Browser
let app: TestApp
let query: string
let playground: PlaygroundPage

beforeAll(async () => {
  ;[browser, app] = await Promise.all([launchChromium(), startTestApp({}, { playground: true })])
  const created = await (
    await app.as('ADMIN')
  ).data(
    'mutation ($customer: CustomerInput!) { createCustomer(input: { customer: $customer }) { customer { id } } }',
    { customer: { email: EMAIL } },
  )
  const id = created.text('createCustomer.customer.id')
  // Under the name of the default query: what is run right after a change still goes by that name.
  query = `query Customers { viewer { roles } node(id: "${id}") { ... on Customer { email } } }`
}, 120_000)

afterAll(async () => {
  await browser.close()
  await app.close()
})

beforeEach(async () => {
  playground = await openPlayground(browser, app.url)
  await playground.write('operation.graphql', query)
})

afterEach(() => playground.context.close())

const ask = async (expected: string) => {
  await playground.run()
  await playground.seesInResponse(expected)
}

describe('the Playground of a running server', () => {
  it('shows an email masked to SUPPORT, and clear to ADMIN after one click', async () => {
    const { actAs, read } = playground
    expect(await playground.actingAs()).toBe('SUPPORT · Sam, support')
    await ask(MASKED_EMAIL)
    const seenBySupport = JSON.parse(await read('response.json')) as unknown
    await actAs('ADMIN')
    expect(await read('response.json')).toBe('')
    await ask(EMAIL)
    const seenByAdmin = JSON.parse(await read('response.json')) as unknown
    expect([seenBySupport, seenByAdmin]).toEqual([
      { data: { viewer: { roles: ['SUPPORT'] }, node: { email: MASKED_EMAIL } } },
      { data: { viewer: { roles: ['ADMIN'] }, node: { email: EMAIL } } },
    ])
  })
})

describe('a server whose Playground is off', () => {
  let plain: TestApp
  beforeAll(async () => {
    plain = await startTestApp()
  }, 60_000)
  afterAll(() => plain.close())

  it('answers a browser as any other GET, with JSON and no page', async () => {
    const answer = await fetch(`${plain.url}/graphql`, { headers: { accept: 'text/html' } })
    expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
      status: 406,
      type: 'application/json; charset=utf-8',
    })
  })

  it.each(['GET /playground/identities', 'POST /playground/token', 'GET /playground/assets/index.js'])(
    'has no %s',
    async (route) => {
      const [method = '', path = ''] = route.split(' ')
      const answer = await fetch(plain.url + path, { method })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        404,
        'application/json; charset=utf-8',
      ])
    },
  )
})

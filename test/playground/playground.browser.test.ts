import { rm } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { buildPlayground } from './build-playground.ts'
import { openPlayground, until, type PlaygroundPage } from './playground-page.ts'
import { CLEAR, MASKED, startStub, type StubServer } from './stub-server.ts'

// A browser on a busy machine.
jest.setTimeout(90_000)

let directory: string
let browser: Browser
let stub: StubServer
let playground: PlaygroundPage

beforeAll(async () => {
  directory = await buildPlayground()
  browser = await launchChromium()
}, 180_000)

afterAll(async () => {
  await browser.close()
  await rm(directory, { recursive: true })
})

afterEach(async () => {
  await playground.context.close()
  stub.close()
})

async function open(roles: readonly string[] = ['SUPPORT', 'ADMIN', 'AUDITOR']) {
  stub = await startStub({ directory, roles })
  playground = await openPlayground(browser, stub.origin)
  return playground
}

const introspections = () => stub.requests.filter(({ query }) => query.includes('__schema'))
const operations = () => stub.requests.filter(({ query }) => !query.includes('__schema'))

describe('the page', () => {
  it('loads and works with nothing from elsewhere, nothing that the policy refuses and no complaint', async () => {
    const { page, asked, complaints, refused, run, seesInResponse } = await open()
    await run()
    await seesInResponse(MASKED)
    await page.click('button[aria-label="Show Documentation Explorer"]')
    await page.waitForSelector('.graphiql-doc-explorer-content')
    await page.click('.graphiql-query-editor .view-line:nth-child(7)')
    await page.keyboard.press('End')
    await page.keyboard.press('Control+Space')
    await page.waitForSelector('.suggest-widget.visible')
    const foreign = asked.filter((url) => !url.startsWith(`${stub.origin}/`) && !url.startsWith('data:'))
    expect({ foreign, refused: await refused(), complaints }).toEqual({
      foreign: [],
      refused: [],
      complaints: [],
    })
    expect(asked.some((url) => url.includes('graphql.worker'))).toBe(true)
  })

  it('explains in its docs how a field is protected', async () => {
    const { page } = await open()
    await until(() => introspections().length > 0)
    await page.click('button[aria-label="Show Documentation Explorer"]')
    for (const type of ['Query', 'Search', 'CustomerConnection', 'CustomerEdge', 'Customer']) {
      await page.click(`.graphiql-doc-explorer-content a.graphiql-doc-explorer-type-name:text-is("${type}")`)
    }
    await page.waitForSelector('text=Masked, except for ADMIN.')
    expect(await page.textContent('.graphiql-doc-explorer-title')).toBe('Customer')
  })

  it('keeps nothing on the disk, after queries, variables and headers were used', async () => {
    const { page, context, write, run, seesInResponse, actAs } = await open()
    await write('variables.json', '{ "email": "marked@example.com" }')
    await write('request-headers.json', '{ "X-Access-Reason": "marked" }')
    await run()
    await seesInResponse(MASKED)
    await actAs('ADMIN')
    await run()
    await seesInResponse(CLEAR)
    // GraphiQL stores half a second after the last change.
    await page.waitForTimeout(1200)
    const kept = await page.evaluate(`(async () => ({
      local: { ...localStorage },
      session: { ...sessionStorage },
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      cookie: document.cookie,
    }))()`)
    expect(kept).toEqual({ local: {}, session: {}, databases: [], caches: [], workers: 0, cookie: '' })
    expect((await context.storageState()).cookies).toEqual([])
  })
})

describe('acting as someone else', () => {
  it('shows the same query masked, and then clear', async () => {
    const { run, seesInResponse, actAs, actingAs, read } = await open()
    expect(await actingAs()).toBe('SUPPORT · the support')
    const query = await read('operation.graphql')
    await run()
    await seesInResponse(MASKED)
    await actAs('ADMIN')
    expect(await actingAs()).toBe('ADMIN · the admin')
    expect(await read('operation.graphql')).toBe(query)
    await run()
    await seesInResponse(CLEAR)
    expect(await read('response.json')).not.toContain(MASKED)
  })

  it('clears what the other saw, in every tab', async () => {
    const { page, run, seesInResponse, actAs } = await open(['ADMIN', 'SUPPORT'])
    await run()
    await seesInResponse(CLEAR)
    await page.click('button[aria-label="New tab"]')
    await actAs('SUPPORT')
    const left =
      'document.body.innerText + __MONACO.editor.getModels().map((model) => model.getValue()).join()'
    expect(await page.evaluate<string>(left)).not.toContain(CLEAR)
    await page.click('.graphiql-tab-button >> nth=0')
    expect(await page.evaluate<string>(left)).not.toContain(CLEAR)
  })

  it('takes along what is being written, to the last key', async () => {
    const { write, read, actAs } = await open()
    await write('operation.graphql', '{ viewer { roles } }')
    await write('variables.json', '{"a": 1}')
    await actAs('ADMIN')
    expect([await read('operation.graphql'), await read('variables.json')]).toEqual([
      '{ viewer { roles } }',
      '{"a": 1}',
    ])
  })

  it('fetches the schema anew, and sends the new token alone from then on', async () => {
    const { run, seesInResponse, actAs } = await open()
    await run()
    await seesInResponse(MASKED)
    const before = stub.requests.length
    await actAs('ADMIN')
    await run()
    await seesInResponse(CLEAR)
    expect(introspections().map(({ authorization }) => authorization)).toEqual([
      'Bearer token-SUPPORT-0',
      'Bearer token-ADMIN-1',
    ])
    const after = stub.requests.slice(before).map(({ authorization }) => authorization)
    expect(new Set(after)).toEqual(new Set(['Bearer token-ADMIN-1']))
  })

  it('aborts what is running, and shows nothing of it', async () => {
    const { write, run, actAs, read, complaints } = await open()
    await write('operation.graphql', 'query Customers { slow }')
    await run()
    await until(() => operations().length === 1)
    await actAs('ADMIN')
    await until(() => operations()[0]!.aborted)
    expect(await read('response.json')).toBe('')
    expect(complaints).toEqual([])
  })

  it('drops headers, from the editor and from the history', async () => {
    const { page, write, run, seesInResponse, actAs, read } = await open()
    await write('request-headers.json', '{ "X-Access-Reason": "ticket-1" }')
    await page.waitForTimeout(300)
    await run()
    await seesInResponse(MASKED)
    await actAs('ADMIN')
    expect(await read('request-headers.json')).toBe('')
    await page.click('button[aria-label="Show History"]')
    await page.click('.graphiql-history-item-label')
    expect(await read('operation.graphql')).toContain('query Customers')
    expect(await read('request-headers.json')).toBe('')
  })

  it('gets a new token once when the old one has expired', async () => {
    const { run, seesInResponse } = await open()
    await run()
    await seesInResponse(MASKED)
    stub.expired.add('token-SUPPORT-0')
    await run()
    await until(() => stub.issued.length === 2)
    await seesInResponse(MASKED)
    expect(stub.requests.at(-1)?.authorization).toBe('Bearer token-SUPPORT-1')
  })
})

describe('acting as no one', () => {
  it('sends no token, or the one in the headers editor', async () => {
    const { write, run, seesInResponse, actAs } = await open()
    await actAs('')
    await run()
    await seesInResponse('"roles": []')
    await write('request-headers.json', '{ "Authorization": "Bearer own-ADMIN" }')
    await run()
    await seesInResponse(CLEAR)
    expect(operations().map(({ authorization }) => authorization)).toEqual([null, 'Bearer own-ADMIN'])
  })

  it('is over when someone is chosen: a token in the headers editor is then refused, not sent', async () => {
    const { write, run, seesInResponse, actAs } = await open()
    await actAs('')
    await write('request-headers.json', '{ "authorization": "Bearer own-ADMIN" }')
    await actAs('SUPPORT')
    await run()
    await seesInResponse(MASKED)
    await write('request-headers.json', '{ "authorization": "Bearer own-ADMIN" }')
    await run()
    await seesInResponse('one identity at a time')
    expect(stub.requests.map(({ authorization }) => authorization)).not.toContain('Bearer own-ADMIN')
  })

  it('is all there is where the server offers no identities, as in production', async () => {
    const { page, write, run, seesInResponse } = await open([])
    expect(await page.textContent('.act-as')).toContain('Authorization header')
    await write('request-headers.json', '{ "Authorization": "Bearer own-ADMIN" }')
    await run()
    await seesInResponse(CLEAR)
    expect(stub.issued).toEqual([])
  })
})

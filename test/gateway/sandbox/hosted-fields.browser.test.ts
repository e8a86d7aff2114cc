/** A checkout's page on one origin, the hosted fields in its iframe on another: what crosses between them. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../support/chromium.ts'
import { startTestSandbox, type RunningTestSandbox } from '../running-sandbox.ts'

let browser: Browser
let sandbox: RunningTestSandbox
let shop: { readonly server: Server; readonly origin: string }
let frameUrl: string

/** A page that frames what it is told to and writes down what it is posted. */
async function startShop() {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<title>Shop</title><iframe src="${frameUrl.replaceAll('&', '&amp;')}"></iframe><output></output>
      <script>addEventListener('message', (event) => {
        document.querySelector('output').textContent += JSON.stringify([event.origin, event.data])
      })</script>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

beforeAll(async () => {
  sandbox = await startTestSandbox()
  shop = await startShop()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  shop.server.close()
  await sandbox.close()
})

async function openCheckout(domains: readonly string[], origin: string): Promise<Page> {
  const query = new URLSearchParams({ clientToken: await sandbox.clientToken(domains), origin })
  frameUrl = `${sandbox.url}/hosted-fields?${query.toString()}`
  const page = await browser.newPage()
  await page.goto(shop.origin)
  return page
}

async function fill(page: Page, number: string, expiry = '12 / 40') {
  const frame = page.frameLocator('iframe')
  await frame.getByLabel('Name on card').fill('Alex Morgan')
  await frame.getByLabel('Card number').fill(number)
  await frame.getByLabel('Expiry').fill(expiry)
  await frame.getByLabel('Security code').fill('123')
  await frame.getByRole('button', { name: 'Use this card' }).click()
  return frame
}

describe('the hosted fields in a browser', () => {
  it('send the number to the sandbox, and its parent gets a token that pays', async () => {
    const page = await openCheckout([shop.origin], shop.origin)
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.postData()?.includes('4242424242424242') === true) sent.push(request.url())
    })
    const frame = await fill(page, '4242 4242 4242 4242')
    await frame.getByText('Card ending in 4242 is ready.').waitFor()
    const [origin, data] = JSON.parse(await page.locator('output').innerText()) as [
      string,
      { readonly type: string; readonly token: string; readonly card: { readonly last4: string } },
    ]
    expect(sent).toEqual([`${sandbox.url}/tokens`])
    expect(origin).toBe(sandbox.url)
    expect(data).toMatchObject({ type: 'sealpay:token', card: { brandCode: 'VISA', last4: '4242' } })
    expect(JSON.stringify(data)).not.toContain('4242424242')
    const charge = { token: data.token, amount: { minor: '100', currencyCode: 'USD' }, capture: true }
    expect((await sandbox.move('/payments', charge)).body.result).toBe('APPROVED')
    expect(await frame.getByLabel('Card number').inputValue()).toBe('')
    await page.close()
  })

  it('say what is wrong, beside the field and to assistive technology, and send nothing', async () => {
    const page = await openCheckout([shop.origin], shop.origin)
    const frame = await fill(page, '4242 4242 4242 4241', '01 / 20')
    await frame.getByText('This is not a card number.').waitFor()
    await frame.getByText('This card has expired.').waitFor()
    expect(await frame.getByLabel('Card number').getAttribute('aria-invalid')).toBe('true')
    expect(await page.locator('output').innerText()).toBe('')
    await page.close()
  })

  it('refuse a card that is no test card, in words', async () => {
    const page = await openCheckout([shop.origin], shop.origin)
    const frame = await fill(page, '4111 1111 1111 1111')
    await frame.getByText(/Never type a real card number here/).waitFor()
    expect(await page.locator('output').innerText()).toBe('')
    await page.close()
  })

  it('are not shown in a page of an origin that they are not for', async () => {
    const elsewhere = 'https://shop.example'
    const page = await openCheckout([elsewhere], elsewhere)
    await page.waitForLoadState('networkidle')
    const shown = await Promise.all(page.frames().map((frame) => frame.locator('#card').count()))
    expect(shown.every((count) => count === 0)).toBe(true)
    await page.close()
  })
})

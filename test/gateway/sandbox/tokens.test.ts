import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mayTokenise, targetOrigin } from '../../../src/gateway/sandbox/origins.ts'
import { testCards } from '../../../src/gateway/sandbox/test-cards.ts'
import { containsCardNumber } from '../../../src/domain/card-number.ts'
import { SHOP, card, startTestSandbox, type RunningTestSandbox } from '../running-sandbox.ts'

let sandbox: RunningTestSandbox
beforeAll(async () => {
  sandbox = await startTestSandbox()
})
afterAll(() => sandbox.close())

describe('tokenisation', () => {
  it.each(testCards)('takes the test card $id and gives back no number', async ({ number, brandCode }) => {
    const answer = await sandbox.tokenise(card(number))
    expect(answer.status).toBe(201)
    expect(answer.body.token).toMatch(/^tok_[A-Za-z0-9_-]{24}$/)
    expect(answer.body.card).toEqual({
      brandCode,
      last4: number.slice(-4),
      bin: number.slice(0, 6),
      expirationMonth: 12,
      expirationYear: 2090,
    })
    expect(containsCardNumber(answer.text)).toBe(false)
  })

  it('takes a number with spaces or hyphens, and an address', async () => {
    const billingAddress = { streetAddress: '1 High Street', locality: 'Leeds', countryCode: 'GB' }
    const { body } = await sandbox.tokenise({ ...card('4242 4242-4242 4242'), billingAddress })
    const { card: shown } = (await sandbox.post('/payment-methods/look-up', { token: body.token })).body
    expect(shown).toMatchObject({ cardholderName: 'Alex Morgan', billingAddress })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a number that is no test card', { number: '4111111111111111' }, 'not_a_test_card'],
    ['an expiry that has passed', { expirationYear: 2020 }, 'expired'],
    ['a month that is none', { expirationMonth: 13 }, 'invalid_request'],
    ['a security code of another length', { cvv: '1234' }, 'invalid_cvv'],
    ['a number in place of the name', { cardholderName: '4000 0566 5566 5556' }, 'too_many_digits'],
    ['a number in the address', { billingAddress: { locality: '4000056655665556' } }, 'too_many_digits'],
    ['an unknown field', { track2: 'x' }, 'invalid_request'],
    ['a missing number', { number: undefined }, 'invalid_request'],
  ])('refuses %s', async (_, change, code) => {
    const answer = await sandbox.tokenise({ ...card(), ...change })
    expect(answer.body.error?.code).toBe(code)
    expect(containsCardNumber(answer.text)).toBe(false)
  })

  it('tells who types a real card never to do so here', async () => {
    const { body } = await sandbox.tokenise(card('4111111111111111'))
    expect(body.error?.message).toContain('Never type a real card number here')
  })

  it('gives a preflight an answer that lets a page ask, with no cookie', async () => {
    const response = await fetch(`${sandbox.url}/tokens`, {
      method: 'OPTIONS',
      headers: { origin: SHOP, 'access-control-request-method': 'POST' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('makes a token of a test card by its id, so that seeds hold no number', async () => {
    const { card: shown } = (
      await sandbox.post('/payment-methods/look-up', { token: await sandbox.token('jcb') })
    ).body
    expect(shown).toMatchObject({ brandCode: 'JCB', last4: '0505' })
    expect((await sandbox.post('/test/tokens', { card: 'nobody' })).status).toBe(422)
  })

  it('publishes the test cards', async () => {
    const { testCards: published = [] } = (await sandbox.get('/test-cards', {})).body
    expect(published).toHaveLength(testCards.length)
    expect(published[0]).toEqual({
      id: 'visa',
      number: '4242424242424242',
      brandCode: 'VISA',
      meaning: 'approved',
    })
  })
})

describe('the test cards', () => {
  it('are card numbers, each with its own id', () => {
    expect(testCards.filter(({ number }) => !containsCardNumber(number))).toEqual([])
    expect(new Set(testCards.map(({ id }) => id)).size).toBe(testCards.length)
    expect(new Set(testCards.map(({ number }) => number)).size).toBe(testCards.length)
  })
})

describe('the hosted fields', () => {
  const page = async (domains: readonly string[], origin?: string) => {
    const query = new URLSearchParams({
      clientToken: await sandbox.clientToken(domains),
      ...(origin !== undefined && { origin }),
    })
    return sandbox.get(`/hosted-fields?${query.toString()}`, {})
  }

  it('may be framed by the allowed origin alone, and run nothing inline', async () => {
    const { status, headers, text } = await page([SHOP])
    const policy = headers.get('content-security-policy') ?? ''
    expect(status).toBe(200)
    expect(policy).toContain(`frame-ancestors ${SHOP}`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*/)
    expect(text).toContain(`data-target-origin="${SHOP}"`)
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/)
  })

  it('are for the origin that was asked for, when the client token names several', async () => {
    const other = 'https://other.example'
    expect((await page([SHOP, other], other)).headers.get('content-security-policy')).toContain(other)
    expect((await page([SHOP, other])).status).toBe(403)
    expect((await page([SHOP], 'https://evil.example')).status).toBe(403)
    expect((await page([])).status).toBe(403)
  })

  it('are nobody’s without a client token', async () => {
    expect((await sandbox.get('/hosted-fields?clientToken=%22%3E%3Cscript%3E', {})).status).toBe(401)
  })

  it('label every field, and announce its faults', async () => {
    const { text } = await page([SHOP])
    for (const name of ['name', 'number', 'expiry', 'cvc']) {
      expect(text).toContain(`<label for="${name}">`)
      expect(text).toContain(`aria-describedby="${name}-fault"`)
    }
    expect(text).toMatch(/autocomplete="cc-number"[^>]*inputmode="numeric"/)
  })

  it('bring their script and style from their own origin, and post to one origin, never to all', async () => {
    const script = await sandbox.get('/hosted-fields.js', {})
    const style = await sandbox.get('/hosted-fields.css', {})
    expect(script.headers.get('content-type')).toContain('text/javascript')
    expect(style.headers.get('content-type')).toContain('text/css')
    expect(script.text).toMatch(/postMessage\(\{[^}]*\}, targetOrigin\)/)
    expect(script.text.match(/postMessage/g)).toHaveLength(1)
  })
})

describe('the origin that a token is posted to', () => {
  it.each<[readonly string[], string | null, string | null]>([
    [[SHOP], null, SHOP],
    [[SHOP], SHOP, SHOP],
    [[SHOP, 'https://b.example'], null, null],
    [[SHOP, 'https://b.example'], 'https://b.example', 'https://b.example'],
    [[SHOP], 'https://evil.example', null],
    [[SHOP], `${SHOP}/`, null],
    [['*'], '*', null],
    [['*'], null, null],
    [['null'], 'null', null],
    [['javascript:alert(1)'], null, null],
    [[], null, null],
  ])('of %p, asked for %p, is %p', (domains, asked, expected) => {
    expect(targetOrigin(domains, asked)).toBe(expected)
  })

  it('may make tokens when it is named, is the sandbox’s own, or is no browser’s', () => {
    expect(mayTokenise([SHOP], 'http://own', SHOP)).toBe(true)
    expect(mayTokenise([SHOP], 'http://own', 'http://own')).toBe(true)
    expect(mayTokenise([SHOP], 'http://own', undefined)).toBe(true)
    expect(mayTokenise([SHOP], 'http://own', 'https://evil.example')).toBe(false)
    expect(mayTokenise(['null'], 'http://own', 'null')).toBe(false)
  })
})

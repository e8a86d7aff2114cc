/** What every adapter of the payment-gateway port must do. An adapter's test calls `describeGateway` with a way to make one. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Gateway } from '../../src/gateway/gateway.ts'

/** Which card a token stands for: by what happens to a payment with it. */
export type ContractCard = 'approved' | 'soft decline' | 'hard decline' | 'rejected'

export interface GatewayUnderTest {
  readonly gateway: Gateway
  /** A fresh single-use token. */
  token(card: ContractCard): Promise<string>
  close(): Promise<void>
}

const usd = (minor: bigint) => ({ minor, currencyCode: 'USD' })

export function describeGateway(name: string, open: () => Promise<GatewayUnderTest>): void {
  describe(`the gateway port, by ${name}`, () => {
    let under: GatewayUnderTest
    beforeAll(async () => {
      under = await open()
    })
    afterAll(() => under.close())

    const authorise = async (
      minor: bigint,
      { capture = false, card = 'approved' }: { capture?: boolean; card?: ContractCard } = {},
    ) =>
      under.gateway.authorise({
        idempotencyKey: randomUUID(),
        token: await under.token(card),
        amount: usd(minor),
        capture,
        orderId: null,
      })
    const referenceOf = async (minor: bigint, capture: boolean) =>
      (await authorise(minor, { capture })).reference ?? ''
    const step = (reference: string, minor: bigint) => ({
      idempotencyKey: randomUUID(),
      reference,
      amount: usd(minor),
    })

    it('answers a ping', async () => {
      await expect(under.gateway.ping()).resolves.toBeUndefined()
    })

    it('gives a client token', async () => {
      const request = { customerReference: randomUUID(), domains: ['https://shop.example'] }
      expect(await under.gateway.createClientToken(request)).toMatch(/^\S{20,}$/)
    })

    it('tells of a token what may be shown, and no number', async () => {
      const details = await under.gateway.lookUpToken(await under.token('approved'))
      expect(details).toMatchObject({ brandCode: 'VISA', last4: '4242', bin: '424242' })
      expect(JSON.stringify(details)).not.toMatch(/\d{12}/)
    })

    it('authorises without capture, and charges with it', async () => {
      const authorised = await authorise(1200n)
      expect(authorised).toMatchObject({ result: 'APPROVED', declineType: null })
      expect(await under.gateway.findState(authorised.reference ?? '')).toBe('AUTHORIZED')
      const charged = await referenceOf(1200n, true)
      expect(await under.gateway.findState(charged)).toBe('SUBMITTED_FOR_SETTLEMENT')
    })

    it('tells a soft decline, a hard one and a rejection apart, as answers', async () => {
      expect(await authorise(100n, { card: 'soft decline' })).toMatchObject({
        result: 'DECLINED',
        declineType: 'SOFT',
      })
      expect(await authorise(100n, { card: 'hard decline' })).toMatchObject({
        result: 'DECLINED',
        declineType: 'HARD',
      })
      expect(await authorise(100n, { card: 'rejected' })).toMatchObject({ result: 'REJECTED' })
    })

    it('captures in parts up to what was authorised, and no more', async () => {
      const reference = await referenceOf(1000n, false)
      expect(await under.gateway.capture(step(reference, 600n))).toMatchObject({ result: 'APPROVED' })
      expect(await under.gateway.capture(step(reference, 401n))).toMatchObject({ result: 'REJECTED' })
      expect(await under.gateway.capture(step(reference, 400n))).toMatchObject({ result: 'APPROVED' })
    })

    it('refunds in parts up to what was captured, each with a reference of its own', async () => {
      const reference = await referenceOf(1000n, true)
      const first = await under.gateway.refund(step(reference, 300n))
      expect(first).toMatchObject({ result: 'APPROVED' })
      expect(first.reference).not.toBe(reference)
      expect(await under.gateway.findState(first.reference ?? '')).toBe('SUBMITTED_FOR_SETTLEMENT')
      expect(await under.gateway.refund(step(reference, 701n))).toMatchObject({ result: 'REJECTED' })
      expect(await under.gateway.refund(step(reference, 700n))).toMatchObject({ result: 'APPROVED' })
    })

    it('voids once, and what is voided is neither captured nor refunded', async () => {
      const reference = await referenceOf(1000n, false)
      const key = { idempotencyKey: randomUUID(), reference }
      expect(await under.gateway.void(key)).toMatchObject({ result: 'APPROVED' })
      expect(await under.gateway.findState(reference)).toBe('VOIDED')
      expect(await under.gateway.capture(step(reference, 1n))).toMatchObject({ result: 'REJECTED' })
      expect(await under.gateway.refund(step(reference, 1n))).toMatchObject({ result: 'REJECTED' })
    })

    it('rejects a reference that it does not know, and knows no state of it', async () => {
      expect(await under.gateway.capture(step('pay_unknown', 1n))).toMatchObject({ result: 'REJECTED' })
      expect(await under.gateway.findState('pay_unknown')).toBeNull()
    })

    it('takes a single-use token once', async () => {
      const token = await under.token('approved')
      const request = { token, amount: usd(100n), capture: true, orderId: null }
      const first = await under.gateway.authorise({ ...request, idempotencyKey: randomUUID() })
      const second = await under.gateway.authorise({ ...request, idempotencyKey: randomUUID() })
      expect([first.result, second.result]).toEqual(['APPROVED', 'REJECTED'])
      expect(await under.gateway.lookUpToken(token)).toBeNull()
    })

    it('moves money once for a key, however often it is sent, and tells later what became of it', async () => {
      const token = await under.token('approved')
      const idempotencyKey = randomUUID()
      const request = { idempotencyKey, token, amount: usd(100n), capture: true, orderId: 'order-1' }
      expect(await under.gateway.findByIdempotencyKey(idempotencyKey)).toBeNull()
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => under.gateway.authorise(request)))
      expect(new Set(outcomes.map((outcome) => outcome.reference)).size).toBe(1)
      expect(await under.gateway.findByIdempotencyKey(idempotencyKey)).toEqual(outcomes[0])
    })

    it('stores a single-use token as a method that pays often, until it is deleted', async () => {
      const token = await under.token('approved')
      const request = { idempotencyKey: randomUUID(), token, customerReference: randomUUID() }
      const stored = await under.gateway.vault(request)
      expect(stored?.card).toMatchObject({ last4: '4242' })
      expect(await under.gateway.vault(request)).toEqual(stored)
      expect(await under.gateway.vault({ ...request, idempotencyKey: randomUUID() })).toBeNull()
      const pay = () =>
        under.gateway.authorise({
          idempotencyKey: randomUUID(),
          token: stored?.token ?? '',
          amount: usd(100n),
          capture: true,
          orderId: null,
        })
      expect((await pay()).result).toBe('APPROVED')
      expect((await pay()).result).toBe('APPROVED')
      await under.gateway.deletePaymentMethod(stored?.token ?? '')
      await under.gateway.deletePaymentMethod(stored?.token ?? '')
      expect((await pay()).result).toBe('REJECTED')
      expect(await under.gateway.lookUpToken(stored?.token ?? '')).toBeNull()
    })

    it('gives one card the same identifier whatever token stands for it', async () => {
      const [first, second] = await Promise.all([under.token('approved'), under.token('approved')])
      const cards = await Promise.all([under.gateway.lookUpToken(first), under.gateway.lookUpToken(second)])
      expect(cards[0]?.uniqueNumberIdentifier).toBe(cards[1]?.uniqueNumberIdentifier)
    })

    it('knows nothing of a token that it never gave', async () => {
      const token = 'tok_unknown'
      expect(await under.gateway.lookUpToken(token)).toBeNull()
      await expect(under.gateway.deletePaymentMethod(token)).resolves.toBeUndefined()
      const request = { idempotencyKey: randomUUID(), token, customerReference: randomUUID() }
      expect(await under.gateway.vault(request)).toBeNull()
    })
  })
}

import { GatewayUnavailable } from '../errors.ts'
import type { Gateway, GatewayOutcome } from './gateway.ts'
import { cardIn, clientTokenIn, outcomeIn, stateIn, vaultedIn } from './sandbox-answers.ts'
import { createSandboxClient, type SandboxClientOptions } from './sandbox-client.ts'

/** The wire has no integers of that size: minor units are digits. */
const onWire = ({ minor, currencyCode }: { readonly minor: bigint; readonly currencyCode: string }) => ({
  minor: String(minor),
  currencyCode,
})

/** What the sandbox must know: its answer may not be "not found". */
function required<T>(answer: T | null): T {
  if (answer === null) throw new GatewayUnavailable()
  return answer
}

/**
 * The port's adapter for the sandbox gateway (`startSandbox`), over HTTP. Each call has one deadline; a connection
 * that fails before an answer is tried once more within it, which is safe since every call that changes
 * something carries its idempotency key. Every fault is `GatewayUnavailable`, which names no key, token or text.
 *
 * @throws {TypeError} when the URL or the secret key cannot be used
 */
export function createSandboxGateway(options: SandboxClientOptions): Gateway {
  const { get, post } = createSandboxClient(options)
  const move = async (path: string, body: unknown, key: string): Promise<GatewayOutcome> =>
    outcomeIn(required(await post(path, body, key)))
  const follow = (reference: string, step: string) => `/payments/${encodeURIComponent(reference)}/${step}`
  return {
    name: 'sandbox',
    async createClientToken(request) {
      return clientTokenIn(required(await post('/client-tokens', request)))
    },
    async lookUpToken(token) {
      const answer = await post('/payment-methods/look-up', { token })
      return answer === null ? null : cardIn(answer)
    },
    authorise: ({ idempotencyKey, amount, token, capture, orderId }) =>
      move('/payments', { token, amount: onWire(amount), capture, orderId }, idempotencyKey),
    capture: ({ idempotencyKey, reference, amount }) =>
      move(follow(reference, 'captures'), { amount: onWire(amount) }, idempotencyKey),
    void: ({ idempotencyKey, reference }) => move(follow(reference, 'void'), {}, idempotencyKey),
    refund: ({ idempotencyKey, reference, amount }) =>
      move(follow(reference, 'refunds'), { amount: onWire(amount) }, idempotencyKey),
    async vault({ idempotencyKey, token, customerReference }) {
      return vaultedIn(required(await post('/payment-methods', { token, customerReference }, idempotencyKey)))
    },
    async deletePaymentMethod(token) {
      required(await post('/payment-methods/delete', { token }))
    },
    async findByIdempotencyKey(idempotencyKey) {
      const answer = await get(`/answers/${encodeURIComponent(idempotencyKey)}`)
      return answer === null ? null : outcomeIn(answer)
    },
    async findState(reference) {
      const answer = await get(`/states/${encodeURIComponent(reference)}`)
      return answer === null ? null : stateIn(answer)
    },
    async ping() {
      required(await get('/health'))
    },
  }
}

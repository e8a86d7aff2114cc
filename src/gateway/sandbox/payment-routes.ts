import type { GatewayOutcome } from '../gateway.ts'
import { amountOf, booleanOf, objectOf, optionalTextOf, textOf } from './fields.ts'
import { once, type Execution } from './idempotency.ts'
import { authorise, capture, refund, stateAt, voidPayment, type Done } from './payments.ts'
import type { MethodRecord } from './records.ts'
import { json, type Call, type Reply, type Route, type Sandbox } from './route.ts'
import { SandboxError } from './sandbox-error.ts'
import { vaulted } from './tokenise.ts'

/** What of a method may leave: everything of its card but how it behaves. */
function methodView({ id, card }: MethodRecord) {
  const { brandCode, last4, bin, expirationMonth, expirationYear } = card
  const { uniqueNumberIdentifier, cardholderName, billingAddress } = card
  const expiry = { expirationMonth, expirationYear }
  return {
    token: id,
    card: { brandCode, last4, bin, ...expiry, uniqueNumberIdentifier, cardholderName, billingAddress },
  }
}

/** A route that changes something: it needs an idempotency key and is carried out once for each. */
function changing(name: string, execute: (sandbox: Sandbox, call: Call) => Execution): Route {
  return {
    name,
    access: 'SERVER',
    run(sandbox, call): Reply {
      const { idempotencyKey: key, params, body } = call
      if (key === null) {
        throw new SandboxError(400, 'idempotency_key_required', 'An Idempotency-Key header is required.')
      }
      const answered = once(sandbox.store, key, [name, params, body], () => execute(sandbox, call))
      const { result } = answered.body as { readonly result: string }
      return {
        ...json(answered.body),
        headers: answered.replayed ? { 'idempotency-replayed': 'true' } : {},
        outcome: result,
        replayed: answered.replayed,
        withheld: answered.withheld,
      }
    },
  }
}

function moving(name: string, move: (sandbox: Sandbox, call: Call) => Done): Route {
  return changing(name, (sandbox, call) => {
    const { outcome, records, withheld = false } = move(sandbox, call)
    return { body: outcome, records, withheld }
  })
}

const referenceOf = ({ params }: Call) => params['reference'] ?? ''
const followUpAmount = ({ body }: Call) => amountOf(objectOf(body, 'The request', ['amount']), 'amount')

const STORED: Omit<GatewayOutcome, 'reference'> = {
  result: 'APPROVED',
  responseCode: 'stored',
  responseMessage: 'Stored',
  declineType: null,
}
const NOT_STORED: Omit<GatewayOutcome, 'reference'> = {
  result: 'REJECTED',
  responseCode: 'unknown_token',
  responseMessage: 'Unknown payment method',
  declineType: 'HARD',
}

function vault({ store }: Sandbox, { body }: Call): Execution {
  const fields = objectOf(body, 'The request', ['token', 'customerReference'])
  const token = store.method(textOf(fields, 'token'))
  const customerReference = textOf(fields, 'customerReference')
  if (token === undefined || token.gone || token.usage === 'MULTI_USE') {
    return { body: { ...NOT_STORED, reference: null, method: null }, records: [], withheld: false }
  }
  const stored = vaulted(token, customerReference)
  return {
    body: { ...STORED, reference: null, method: methodView(stored) },
    records: [{ ...token, gone: true }, stored],
    withheld: false,
  }
}

const tokenOf = ({ body }: Call) => textOf(objectOf(body, 'The request', ['token']), 'token')

/** The API's side of the sandbox. A token is never in a path, since paths are logged. */
export const paymentRoutes: readonly Route[] = [
  moving('POST /payments', ({ store, now }, { body }) => {
    const fields = objectOf(body, 'The payment', ['token', 'amount', 'capture', 'orderId'])
    const request = {
      token: textOf(fields, 'token'),
      amount: amountOf(fields, 'amount'),
      capture: booleanOf(fields, 'capture'),
      orderId: optionalTextOf(fields, 'orderId'),
    }
    return authorise(store, request, now())
  }),
  moving('POST /payments/:reference/captures', ({ store, now }, call) =>
    capture(store, referenceOf(call), followUpAmount(call), now()),
  ),
  moving('POST /payments/:reference/refunds', ({ store, now }, call) =>
    refund(store, referenceOf(call), followUpAmount(call), now()),
  ),
  moving('POST /payments/:reference/void', ({ store, now }, call) => {
    objectOf(call.body, 'The request', [])
    return voidPayment(store, referenceOf(call), now())
  }),
  changing('POST /payment-methods', vault),
  {
    name: 'POST /payment-methods/look-up',
    access: 'SERVER',
    run({ store }, call) {
      const method = store.method(tokenOf(call))
      if (method === undefined || method.gone) {
        throw new SandboxError(404, 'not_found', 'No payment method has this token.')
      }
      return json(methodView(method))
    },
  },
  {
    name: 'POST /payment-methods/delete',
    access: 'SERVER',
    run({ store }, call) {
      const method = store.method(tokenOf(call))
      if (method !== undefined && !method.gone) {
        // What is personal goes; that the token existed stays, so that it is never given out again.
        const card = { ...method.card, cardholderName: null, billingAddress: null }
        store.write({ ...method, card, gone: true })
      }
      return json({ deleted: true })
    },
  },
  {
    name: 'GET /answers/:key',
    access: 'SERVER',
    run({ store }, { params }) {
      const answer = store.answer(params['key'] ?? '')
      if (answer === undefined) throw new SandboxError(404, 'not_found', 'This key was never received.')
      return json(answer.body)
    },
  },
  {
    name: 'GET /states/:reference',
    access: 'SERVER',
    run({ store, now }, call) {
      const record = store.payment(referenceOf(call)) ?? store.refund(referenceOf(call))
      if (record === undefined) throw new SandboxError(404, 'not_found', 'No payment has this reference.')
      return json({ state: stateAt(record, now()) })
    },
  },
]

import type { GatewayPaymentState } from '../../gateway/gateway.ts'
import type { PaymentDeps } from '../move-money.ts'
import type { Caller, Role } from '../principal.ts'
import type { DemoClock } from './clock.ts'

/** A test card, by the sandbox's id for it. */
export type DemoCard =
  'visa' | 'mastercard' | 'american-express' | 'declined' | 'insufficient-funds' | 'fraud'

/** What the demo needs of the sandbox beyond the gateway port: its tokenisation and its test endpoints. */
export interface DemoSandbox {
  /** A single-use token of a test card. */
  tokenise(request: { readonly card: DemoCard; readonly cardholderName: string }): Promise<string>
  /** Moves a payment or refund to a state, as time or a processor would. */
  advance(reference: string, state: GatewayPaymentState): Promise<void>
}

export interface DemoDeps extends PaymentDeps {
  readonly sandbox: DemoSandbox
  /** The same, at another time. */
  at(clock: DemoClock): DemoDeps
}

/** A member of the demo's staff. */
export function actAs(role: Role): Caller {
  const principal = { id: `demo-${role.toLowerCase()}`, roles: new Set([role]), customerId: null }
  return { principal, requestId: 'demo-data', operationName: 'DemoData', reason: 'Demo data' }
}

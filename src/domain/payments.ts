import { capture } from './capture.ts'
import type { PaymentDeps } from './move-money.ts'
import { pay } from './pay.ts'
import type { Payments } from './payment.ts'
import { refund } from './refund.ts'
import { reverse } from './reverse.ts'

/** The use cases that move money. */
export function createPayments(deps: PaymentDeps): Payments {
  return {
    authorise: (caller, input) => pay(deps, caller, 'AUTHORIZE', input),
    charge: (caller, input) => pay(deps, caller, 'CHARGE', input),
    capture: (caller, input) => capture(deps, caller, input),
    refund: (caller, input) => refund(deps, caller, input),
    reverse: (caller, input) => reverse(deps, caller, input),
  }
}

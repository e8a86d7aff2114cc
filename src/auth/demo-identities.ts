import type { Role } from '../domain/principal.ts'

/** Someone to act as in development, in the Playground and on the command line. */
export interface DemoIdentity {
  readonly role: Role
  readonly subject: string
  /** For a person to choose by. */
  readonly label: string
  /** The customer that this identity is. */
  readonly customerId?: string
}

/** The customer that the demo's CUSTOMER is; the seed makes it under this id. */
export const DEMO_CUSTOMER_ID = '01930000-0000-7000-8000-000000000001'

/** One identity for each role. Development alone: nothing accepts them where no development issuer is set. */
export const demoIdentities: readonly DemoIdentity[] = [
  { role: 'SUPPORT', subject: 'demo-support', label: 'Sam, support' },
  { role: 'FINANCE', subject: 'demo-finance', label: 'Fiona, finance' },
  { role: 'ADMIN', subject: 'demo-admin', label: 'Ada, administrator' },
  { role: 'AUDITOR', subject: 'demo-auditor', label: 'Otto, auditor' },
  { role: 'KEY_CUSTODIAN', subject: 'demo-key-custodian', label: 'Kim, key custodian' },
  { role: 'SERVICE', subject: 'demo-order-service', label: 'The order service' },
  {
    role: 'CUSTOMER',
    subject: 'demo-customer',
    label: 'Alex, a customer',
    customerId: DEMO_CUSTOMER_ID,
  },
]

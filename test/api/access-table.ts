/**
 * Who may see what, written by hand from the policy: the answer that `access-paths.test.ts` wants on every path.
 * CLEAR is the value; a text is the mask; NULL is null; REFUSED is null with FORBIDDEN (UNAUTHENTICATED without a
 * token); NOTHING is a record that is not there for this caller.
 */
export const CALLERS = [
  'SUPPORT',
  'FINANCE',
  'ADMIN',
  'AUDITOR',
  'KEY_CUSTODIAN',
  'SERVICE',
  'OWNER',
  'STRANGER',
  'NOBODY',
] as const

export type CallerName = (typeof CALLERS)[number]
export type Sight = 'CLEAR' | 'NULL' | 'REFUSED' | 'NOTHING' | { readonly mask: string }

type Row = Readonly<Record<CallerName, Sight>>

/** Those whom no customer, payment method or payment concerns, and those to whom it is not there. */
const outsiders = {
  AUDITOR: 'REFUSED',
  KEY_CUSTODIAN: 'REFUSED',
  NOBODY: 'REFUSED',
  STRANGER: 'NOTHING',
} as const

const mask = (text: string) => ({ mask: text })

export const VALUES = {
  email: 'mark.zebedee@example.com',
  firstName: 'Marcellus',
  lastName: 'Zebedee-Quill',
  phoneNumber: '+44 20 7946 0018',
  cardholderName: 'Marcellus Z Quill',
  bin: '424242',
  streetAddress: '17 Marked Lane',
  reason: 'Arrived cracked, said the customer',
} as const

export const CUSTOMER: Readonly<Record<string, Row>> = {
  email: {
    ...outsiders,
    SUPPORT: mask('m***@example.com'),
    FINANCE: mask('m***@example.com'),
    ADMIN: 'CLEAR',
    SERVICE: 'CLEAR',
    OWNER: 'CLEAR',
  },
  firstName: {
    ...outsiders,
    SUPPORT: 'CLEAR',
    FINANCE: mask('M********'),
    ADMIN: 'CLEAR',
    SERVICE: 'CLEAR',
    OWNER: 'CLEAR',
  },
  lastName: {
    ...outsiders,
    SUPPORT: mask('Z******-*****'),
    FINANCE: mask('Z******-*****'),
    ADMIN: 'CLEAR',
    SERVICE: 'CLEAR',
    OWNER: 'CLEAR',
  },
  phoneNumber: {
    ...outsiders,
    SUPPORT: mask('+** ** **** **18'),
    FINANCE: mask('+** ** **** **18'),
    ADMIN: 'CLEAR',
    SERVICE: mask('+** ** **** **18'),
    OWNER: 'CLEAR',
  },
}

export const CARD: Readonly<Record<string, Row>> = {
  bin: {
    ...outsiders,
    SUPPORT: 'NULL',
    FINANCE: 'CLEAR',
    ADMIN: 'CLEAR',
    SERVICE: 'CLEAR',
    OWNER: 'NULL',
  },
  cardholderName: {
    ...outsiders,
    SUPPORT: mask('M******** * *****'),
    FINANCE: mask('M******** * *****'),
    ADMIN: 'CLEAR',
    SERVICE: mask('M******** * *****'),
    OWNER: 'CLEAR',
  },
}

/** A stored method's; a payment keeps no address. */
export const ADDRESS: Row = {
  ...outsiders,
  SUPPORT: 'REFUSED',
  FINANCE: 'REFUSED',
  ADMIN: 'CLEAR',
  SERVICE: 'CLEAR',
  OWNER: 'CLEAR',
}

export const REFUND: Readonly<Record<string, Row>> = {
  reason: {
    ...outsiders,
    SUPPORT: 'CLEAR',
    FINANCE: 'CLEAR',
    ADMIN: 'CLEAR',
    SERVICE: 'CLEAR',
    OWNER: mask('[redacted]'),
  },
}

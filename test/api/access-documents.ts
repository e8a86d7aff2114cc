/** The ids of the one record of each kind that the paths lead to. */
export interface Ids {
  readonly customer: string
  readonly method: string
  readonly transaction: string
  readonly refund: string
}

/** A way to a record: a document's text around what is selected of it, and whether only its owner can go it. */
export interface Path {
  readonly name: string
  readonly around: (selection: string) => string
  readonly ownerOnly?: boolean
}

const nodes = (selection: string) => `edges { node { ${selection} } }`
const found = (list: string, id: string, selection: string) =>
  `search { ${list}(input: { id: { is: "${id}" } }) { ${nodes(selection)} } }`
const on = (type: string, id: string, selection: string) =>
  `node(id: "${id}") { ... on ${type} { ${selection} } }`

export const customerPaths = (ids: Ids): Path[] => [
  { name: 'node', around: (s) => on('Customer', ids.customer, s) },
  { name: 'search.customers', around: (s) => found('customers', ids.customer, s) },
  { name: 'viewer', around: (s) => `viewer { customer { ${s} } }`, ownerOnly: true },
  { name: 'node.transaction', around: (s) => on('Transaction', ids.transaction, `customer { ${s} }`) },
  { name: 'node.refund', around: (s) => on('Refund', ids.refund, `customer { ${s} }`) },
  { name: 'node.method', around: (s) => on('PaymentMethod', ids.method, `customer { ${s} }`) },
  { name: 'search.transactions', around: (s) => found('transactions', ids.transaction, `customer { ${s} }`) },
  { name: 'search.refunds', around: (s) => found('refunds', ids.refund, `customer { ${s} }`) },
  {
    name: 'refund.refundedTransaction',
    around: (s) => on('Refund', ids.refund, `refundedTransaction { customer { ${s} } }`),
  },
  {
    name: 'customer.transactions',
    around: (s) => on('Customer', ids.customer, `transactions(first: 1) { ${nodes(`customer { ${s} }`)} }`),
  },
]

const card = (selection: string) => `... on CreditCardDetails { ${selection} }`

export const storedCardPaths = (ids: Ids): Path[] => [
  { name: 'node.method', around: (s) => on('PaymentMethod', ids.method, `details { ${card(s)} }`) },
  {
    name: 'customer.paymentMethods',
    around: (s) => on('Customer', ids.customer, `paymentMethods { ${nodes(`details { ${card(s)} }`)} }`),
  },
  {
    name: 'customer.defaultPaymentMethod',
    around: (s) => on('Customer', ids.customer, `defaultPaymentMethod { details { ${card(s)} } }`),
  },
  {
    name: 'transaction.paymentMethod',
    around: (s) => on('Transaction', ids.transaction, `paymentMethod { details { ${card(s)} } }`),
  },
  {
    name: 'refund.paymentMethod',
    around: (s) => on('Refund', ids.refund, `paymentMethod { details { ${card(s)} } }`),
  },
]

export const usedCardPaths = (ids: Ids): Path[] => [
  {
    name: 'transaction.snapshot',
    around: (s) => on('Transaction', ids.transaction, `paymentMethodSnapshot { ${card(s)} }`),
  },
  {
    name: 'refund.snapshot',
    around: (s) => on('Refund', ids.refund, `paymentMethodSnapshot { ${card(s)} }`),
  },
  {
    name: 'payment.snapshot',
    around: (s) => on('Payment', ids.transaction, `paymentMethodSnapshot { ${card(s)} }`),
  },
  {
    name: 'search.transactions.snapshot',
    around: (s) => found('transactions', ids.transaction, `paymentMethodSnapshot { ${card(s)} }`),
  },
]

export const refundPaths = (ids: Ids): Path[] => [
  { name: 'node', around: (s) => on('Refund', ids.refund, s) },
  { name: 'search.refunds', around: (s) => found('refunds', ids.refund, s) },
  { name: 'transaction.refunds', around: (s) => on('Transaction', ids.transaction, `refunds { ${s} }`) },
  { name: 'payment', around: (s) => on('Payment', ids.refund, `... on Refund { ${s} }`) },
]

/** The ways to write one selection: a document, and the response key under which the field answers. */
export const spellings: readonly {
  readonly name: string
  readonly write: (
    path: Path,
    type: string,
    field: string,
  ) => { readonly document: string; readonly key: string }
}[] = [
  {
    name: 'plain',
    write: ({ around }, _, field) => ({ document: `{ ${around(field)} }`, key: keyOf(field) }),
  },
  {
    name: 'alias',
    write: ({ around }, _, field) => ({ document: `{ ${around(`zzz: ${field}`)} }`, key: 'zzz' }),
  },
  {
    name: 'inline fragment',
    write: ({ around }, type, field) => ({
      document: `{ ${around(`... on ${type} { ... { ${field} } }`)} }`,
      key: keyOf(field),
    }),
  },
  {
    name: 'fragment',
    write: ({ around }, type, field) => ({
      document: `{ ${around('...F')} } fragment F on ${type} { ${field} }`,
      key: keyOf(field),
    }),
  },
  {
    name: 'fragment of a fragment, under another name',
    write: ({ around }, type, field) => ({
      document: `fragment G on ${type} { zzz: ${field} } query Q { ...R } fragment R on Query { ${around('...F')} } fragment F on ${type} { ...G }`,
      key: 'zzz',
    }),
  },
  {
    name: 'directive',
    write: ({ around }, _, field) => ({
      document: `query ($yes: Boolean = true) { ${around(`__typename ${field.replace(/^\w+/, '$& @include(if: $yes)')}`)} }`,
      key: keyOf(field),
    }),
  },
]

const keyOf = (field: string) => /^\w+/.exec(field)?.[0] ?? field

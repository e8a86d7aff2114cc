export const CLIENT_TOKEN = 'mutation { createClientToken { clientToken } }'

export const CREATE = `mutation ($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { id } }
}`

export const VAULT = `mutation ($input: VaultPaymentMethodInput!) {
  vaultPaymentMethod(input: $input) {
    paymentMethod { id details { ... on CreditCardDetails { maskedNumber } } }
  }
}`

export const CHARGE = `mutation ($input: ChargePaymentMethodInput!) {
  chargePaymentMethod(input: $input) { transaction { id status } }
}`

export const REFUND = `mutation ($input: RefundTransactionInput!) {
  refundTransaction(input: $input) {
    refund { id refundedTransaction { refundedAmount { value } } }
  }
}`

export const CUSTOMER = `query Tour($id: ID!) {
  node(id: $id) { ... on Customer { firstName lastName email phoneNumber } }
}`

export const AUDIT = `query ($id: String!) {
  auditEvents(input: { recordId: { is: $id }, kind: { is: FIELDS_OPENED } }, first: 10) {
    edges { node { actorId actorRoles reason records { id fields } } }
  }
}`

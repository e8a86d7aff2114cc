import type { TestApp } from '../support/app.ts'
import type { Ids } from './access-documents.ts'
import { VALUES } from './access-table.ts'

export interface MarkedPayment extends Ids {
  /** The rows of the customer who paid, and of another one. */
  readonly customerRow: string
  readonly strangerRow: string
}

const rowOf = (id: string) =>
  id.replace(/^.*_/, '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** A customer with a stored card, a charge and a part of it refunded: all their protected values are those of VALUES. */
export async function createMarkedPayment(app: TestApp): Promise<MarkedPayment> {
  const admin = await app.as('ADMIN')
  const { email, firstName, lastName, phoneNumber, cardholderName, streetAddress, reason } = VALUES
  const created = await admin.data(
    `mutation ($customer: CustomerInput!) { createCustomer(input: { customer: $customer }) { customer { id } }
       stranger: createCustomer(input: { customer: { email: "stranger@example.org" } }) { customer { id } } }`,
    { customer: { email, firstName, lastName, phoneNumber } },
  )
  const customer = created.text('createCustomer.customer.id')
  const token = await app.sandbox.tokenise({
    number: '4242424242424242',
    cardholderName,
    billingAddress: { streetAddress, locality: 'Leeds', countryCode: 'GB' },
  })
  const vaulted = await admin.data(
    'mutation ($input: VaultPaymentMethodInput!) { vaultPaymentMethod(input: $input) { paymentMethod { id } } }',
    { input: { paymentMethodId: token, customerId: customer } },
  )
  const method = vaulted.text('vaultPaymentMethod.paymentMethod.id')
  const charged = await admin.data(
    'mutation ($input: ChargePaymentMethodInput!) { chargePaymentMethod(input: $input) { transaction { id } } }',
    { input: { paymentMethodId: method, transaction: { amount: '25.00', customerId: customer } } },
  )
  const transaction = charged.text('chargePaymentMethod.transaction.id')
  const refunded = await admin.data(
    'mutation ($input: RefundTransactionInput!) { refundTransaction(input: $input) { refund { id } } }',
    { input: { transactionId: transaction, refund: { amount: '5.00', reason } } },
  )
  return {
    customer,
    method,
    transaction,
    refund: refunded.text('refundTransaction.refund.id'),
    customerRow: rowOf(customer),
    strangerRow: rowOf(created.text('stranger.customer.id')),
  }
}

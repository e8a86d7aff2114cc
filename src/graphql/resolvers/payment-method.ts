import { NotFound } from '../../errors.ts'
import type { PaymentMethodReference } from '../../domain/payment-method.ts'
import type { CardSource } from '../card-source.ts'
import { callerOf } from '../context.ts'
import type { CreditCardBrandCode, Resolvers } from '../generated/resolvers.ts'
import { rowIdOf, toNodeId } from '../node-id.ts'
import { optionalCustomerRow } from './customer.ts'

/** What a caller names as a payment method: a stored one's id, or else the gateway's single-use token. */
export function paymentMethodReference(id: string): PaymentMethodReference {
  const storedId = rowIdOf('PaymentMethod', id)
  return storedId === null ? { singleUseToken: id } : { storedId }
}

const BRANDS: ReadonlySet<string> = new Set<CreditCardBrandCode>([
  'AMERICAN_EXPRESS',
  'DINERS',
  'DISCOVER',
  'ELO',
  'HIPER',
  'HIPERCARD',
  'JCB',
  'MAESTRO',
  'MASTERCARD',
  'MIR',
  'TROY',
  'UNION_PAY',
  'VERVE',
  'VISA',
])

const isBrand = (code: string): code is CreditCardBrandCode => BRANDS.has(code)

/** How each brand groups its digits; the rest are four fours. */
const HIDDEN_DIGITS: Readonly<Record<string, string>> = {
  AMERICAN_EXPRESS: '**** ****** *',
  DINERS: '**** ****** ',
}

function maskedNumber({ brandCode, last4 }: CardSource): string | null {
  return last4 === null ? null : `${HIDDEN_DIGITS[brandCode ?? ''] ?? '**** **** **** '}${last4}`
}

export const paymentMethodResolvers: Resolvers = {
  Mutation: {
    async createClientToken(_, { input }, context) {
      const clientToken = await context.services.paymentMethods.createClientToken(callerOf(context), {
        customerId: optionalCustomerRow(input?.clientToken?.customerId),
        domains: input?.clientToken?.domains,
      })
      return { clientMutationId: input?.clientMutationId ?? null, clientToken }
    },
    async vaultPaymentMethod(_, { input }, context) {
      const paymentMethod = await context.services.paymentMethods.vault(callerOf(context), {
        singleUseToken: input.paymentMethodId,
        customerId: optionalCustomerRow(input.customerId),
        makeDefault: input.makeDefault,
      })
      return { clientMutationId: input.clientMutationId ?? null, paymentMethod }
    },
    async deletePaymentMethodFromVault(_, { input }, context) {
      const rowId = rowIdOf('PaymentMethod', input.paymentMethodId)
      if (rowId === null) throw new NotFound('payment method')
      await context.services.paymentMethods.delete(callerOf(context), rowId)
      return { clientMutationId: input.clientMutationId ?? null }
    },
  },
  PaymentMethod: {
    id: ({ id }) => toNodeId('PaymentMethod', id),
    usage: () => 'MULTI_USE',
    details: (method) => method,
    customer: ({ customerId }, _, { loaders }) => loaders.customer.load(customerId),
  },
  PaymentMethodDetails: { __resolveType: () => 'CreditCardDetails' },
  PaymentMethodSnapshot: { __resolveType: () => 'CreditCardDetails' },
  CreditCardDetails: {
    brandCode: ({ brandCode }) => (brandCode !== null && isBrand(brandCode) ? brandCode : 'UNKNOWN'),
    maskedNumber,
    expirationMonth: ({ expirationMonth }) => expirationMonth?.toString().padStart(2, '0') ?? null,
    expirationYear: ({ expirationYear }) => expirationYear?.toString() ?? null,
  },
}

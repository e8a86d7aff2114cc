import { BadUserInput, Conflict } from '../errors.ts'
import type { DatabaseTx } from '../storage/client.ts'
import { FILLED_IN } from '../storage/sealing.ts'
import type { DomainDeps } from './deps.ts'
import { cardColumns } from './finish-vault.ts'

const TOKEN = /^[\x21-\x7e]{1,255}$/

/**
 * What may be known of a fresh single-use token. One that was used here is refused before the gateway is
 * asked; the unique index on `tokenIndex` has the last word when it is consumed.
 * @throws {BadUserInput} when it is no token, or not one of the gateway's.
 * @throws {Conflict} when it was used.
 * @throws {GatewayUnavailable}
 */
export async function lookUpSingleUse({ database, gateway }: DomainDeps, token: string) {
  if (!TOKEN.test(token)) throw new BadUserInput('The payment method is not known.')
  const [used, stored] = await Promise.all([
    database.paymentToken.findFirst({ where: { token }, select: { id: true } }),
    database.customerGatewayToken.findFirst({ where: { token }, select: { id: true } }),
  ])
  // A stored method is used by its id alone, which tells whose it is.
  if (stored !== null) throw new BadUserInput('The payment method is not known.')
  if (used !== null) throw new Conflict('This single-use payment method was used already.')
  const card = await gateway.lookUpToken(token)
  if (card === null) return refuseUnknown(database, token)
  return { ...cardColumns(card), cardholderName: card.cardholderName }
}

/** Spent at the gateway by a request that came in between, or never known. */
async function refuseUnknown(database: DomainDeps['database'], token: string): Promise<never> {
  const used = await database.paymentToken.findFirst({ where: { token }, select: { id: true } })
  if (used !== null) throw new Conflict('This single-use payment method was used already.')
  throw new BadUserInput('The payment method is not known.')
}

/** Uses the token up: of many that try at once, the unique index lets one. @throws {Conflict} */
export async function consumeToken(
  deps: DomainDeps,
  tx: DatabaseTx,
  token: string,
  consumedBy: string,
): Promise<void> {
  const stamp = { id: deps.newId(), createdAt: deps.now(), gateway: deps.gateway.name }
  const data = { ...stamp, token, tokenIndex: FILLED_IN, consumedBy }
  const { count } = await tx.paymentToken.createMany({ data: [data], skipDuplicates: true })
  if (count === 0) throw new Conflict('This single-use payment method was used already.')
}

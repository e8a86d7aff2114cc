/** Refuses a card number wherever a request could carry one, before anything is done with it (PCI DSS 3.2, 3.3). */
import { BadUserInput, CardNumberRefused } from '../errors.ts'
import type { Exchange } from './exchange.ts'
import type { GraphQLParams } from './graphql-params.ts'
import type { CardNumberPlace } from './options.ts'

/** The refusal with the place, for the audit; the place is not told to the caller. */
export class CardNumberFound extends CardNumberRefused {
  readonly place: CardNumberPlace

  constructor(place: CardNumberPlace) {
    super()
    this.place = place
  }
}

/** Nothing shorter holds one: most header names and values need no look. */
const SHORTEST = 13

export interface CardNumberDetector {
  containsCardNumber(text: string): boolean
  containsCardNumberIn(value: unknown): boolean
}

function decodeUrl(url: string): string {
  try {
    return decodeURIComponent(url.replaceAll('+', ' '))
  } catch {
    throw new BadUserInput('The URL is not valid.')
  }
}

const BEYOND_ASCII = /[\u0080-\u00ff]/

/** The URL, as sent and decoded, and the name and value of every header. */
export function refuseInHead({ request }: Exchange, detector: CardNumberDetector): void {
  const url = request.url ?? ''
  if (detector.containsCardNumber(url)) throw new CardNumberFound('url')
  if (/[%+]/.test(url) && detector.containsCardNumber(decodeUrl(url))) throw new CardNumberFound('url')
  for (const text of request.rawHeaders) {
    if (text.length < SHORTEST) continue
    if (detector.containsCardNumber(text)) throw new CardNumberFound('header')
    // Node gives header bytes as Latin-1: digits and dashes beyond ASCII show only as UTF-8.
    if (!BEYOND_ASCII.test(text)) continue
    if (detector.containsCardNumber(Buffer.from(text, 'latin1').toString('utf8')))
      throw new CardNumberFound('header')
  }
}

/**
 * The parsed parameters. What JSON escapes (`\u0034`) or writes as a number shows only here; without a
 * backslash in the body its strings have been looked at already.
 */
export function refuseInParams(params: GraphQLParams, body: string, detector: CardNumberDetector): void {
  if (detector.containsCardNumberIn(params.variables)) throw new CardNumberFound('variables')
  if (!body.includes('\\')) return
  if (detector.containsCardNumber(params.query)) throw new CardNumberFound('document')
  if (detector.containsCardNumber(params.operationName ?? '')) throw new CardNumberFound('body')
}

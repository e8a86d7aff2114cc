import { BadUserInput, CardNumberRefused } from '../errors.ts'
import { unwrapSealing } from './sealing.ts'

/** Deeper than any arguments that a person writes, and well within what Prisma's own recursion bears. */
const MAX_DEPTH = 100
const MAX_NODES = 2_000_000
/** The shortest card number has 13 digits (ISO/IEC 7812-1; PCI DSS 3.2 counts from there). */
const SHORTEST_CARD_NUMBER = 13
const SMALLEST_CARD_NUMBER = 10 ** (SHORTEST_CARD_NUMBER - 1)

/**
 * Looks at everything that a query writes, at any depth and inside Json too, and throws `CardNumberRefused` when a
 * text or number holds a card number. Throws `BadUserInput` when the arguments are nested too deeply: whatever walks
 * them afterwards may then recurse. BigInt columns are left out: they hold amounts and counts.
 */
export function inspectWritten(
  root: unknown,
  containsCardNumber: ((text: string) => boolean) | undefined,
): void {
  let level: unknown[] = [root]
  let nodes = 0
  for (let depth = 0; level.length > 0; depth += 1) {
    nodes += level.length
    if (depth > MAX_DEPTH || nodes > MAX_NODES)
      throw new BadUserInput('The data is nested too deeply, or too large.')
    const next: unknown[] = []
    for (const value of level) inspectValue(value, containsCardNumber, next)
    level = next
  }
}

function inspectValue(
  given: unknown,
  containsCardNumber: ((text: string) => boolean) | undefined,
  next: unknown[],
): void {
  const value = unwrapSealing(given)
  if (typeof value === 'object' && value !== null) {
    addChildren(value, next)
    return
  }
  if (containsCardNumber === undefined) return
  const text = typeof value === 'number' && value >= SMALLEST_CARD_NUMBER ? String(value) : value
  if (typeof text !== 'string' || text.length < SHORTEST_CARD_NUMBER) return
  if (containsCardNumber(text)) throw new CardNumberRefused()
}

function addChildren(value: object, next: unknown[]): void {
  if (ArrayBuffer.isView(value)) return
  if (Array.isArray(value)) {
    for (const each of value) next.push(each)
    return
  }
  for (const [key, each] of Object.entries(value)) {
    // The name of a property of a Json value is as good a hiding place as any.
    if (key.length >= SHORTEST_CARD_NUMBER) next.push(key)
    next.push(each)
  }
}

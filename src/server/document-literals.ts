import { Kind, visit, type ASTNode, type DocumentNode } from 'graphql'
import { BadUserInput, QueryTooComplex } from '../errors.ts'
import { CardNumberFound } from './card-number-guard.ts'

const MAX_DEPTH = 32
/** Comparing fragments with each other takes time that grows with the square of their number. */
const MAX_SPREADS = 50

interface Limits {
  readonly directives: number
}

interface Tally {
  depth: number
  directives: number
  spreads: number
}

function countNode(node: ASTNode, tally: Tally, limits: Limits): void {
  if (node.kind === Kind.DIRECTIVE) tally.directives += 1
  if (node.kind === Kind.FRAGMENT_SPREAD || node.kind === Kind.INLINE_FRAGMENT) tally.spreads += 1
  if (node.kind === Kind.LIST || node.kind === Kind.OBJECT || node.kind === Kind.LIST_TYPE) tally.depth += 1
  if (tally.directives > limits.directives) {
    throw new QueryTooComplex(`The document has more than ${limits.directives} directives.`)
  }
  if (tally.spreads > MAX_SPREADS)
    throw new QueryTooComplex(`The document has more than ${MAX_SPREADS} fragments.`)
  if (tally.depth > MAX_DEPTH) throw new QueryTooComplex('The document has a value that is too deep.')
}

function textOf(node: ASTNode): string | undefined {
  const isText =
    node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT || node.kind === Kind.NAME
  return isText ? node.value : undefined
}

/**
 * Looks at every literal and name of a document, as its escapes spell it, and counts its directives and fragments.
 *
 * @throws {CardNumberFound} @throws {QueryTooComplex} @throws {BadUserInput} for a NUL, which no column takes
 */
export function inspectLiterals(
  document: DocumentNode,
  containsCardNumber: (text: string) => boolean,
  limits: Limits,
): void {
  const tally: Tally = { depth: 0, directives: 0, spreads: 0 }
  visit(document, {
    enter(node) {
      countNode(node, tally, limits)
      const text = textOf(node)
      if (text === undefined) return
      if (text.includes('\0')) throw new BadUserInput('The document contains a NUL character.')
      if (containsCardNumber(text)) throw new CardNumberFound('document')
    },
    leave(node) {
      if (node.kind === Kind.LIST || node.kind === Kind.OBJECT || node.kind === Kind.LIST_TYPE)
        tally.depth -= 1
    },
  })
}

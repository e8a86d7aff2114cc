/** Reads JSON that a caller sent, and refuses what two readers could take in two ways. */
import { BadUserInput, QueryTooComplex } from '../errors.ts'

/** Nothing in the API's inputs nests deeper than a handful of levels. */
const MAX_DEPTH = 32
const MAX_VALUES = 10_000

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c

/** A JSON value that is an object, not an array or null. */
export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function endOfString(json: string, start: number): number {
  let at = start + 1
  while (json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

/** The members of all objects in a valid JSON text: as many as there are colons outside strings. */
function countMembers(json: string): number {
  let members = 0
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charCodeAt(at)
    if (character === QUOTE) at = endOfString(json, at)
    else if (character === COLON) members += 1
  }
  return members
}

function refuseOddText(text: string): void {
  if (!text.isWellFormed() || text.includes('\0')) {
    throw new BadUserInput('The request contains text that is not valid Unicode, or a NUL character.')
  }
}

function childrenOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value
  Object.keys(value).forEach(refuseOddText)
  return Object.values(value)
}

/**
 * Walks a value without recursion, since a recursive walk overflows the stack at a depth of a few
 * thousand.
 *
 * @returns how many members its objects have
 */
function inspect(root: unknown): number {
  const values: unknown[] = [root]
  const depths: number[] = [0]
  let members = 0
  let seen = 1
  for (let value = values.pop(); value !== undefined; value = values.pop()) {
    const depth = depths.pop() ?? 0
    if (typeof value === 'string') refuseOddText(value)
    if (typeof value !== 'object' || value === null) continue
    const children = childrenOf(value)
    if (!Array.isArray(value)) members += children.length
    seen += children.length
    if (depth >= MAX_DEPTH || seen > MAX_VALUES) {
      throw new QueryTooComplex('The variables are too deep or too many.')
    }
    for (const child of children) {
      values.push(child)
      depths.push(depth + 1)
    }
  }
  return members
}

/**
 * Parses strictly: no duplicate keys (a proxy may have looked at the other one), no lone surrogates and no
 * NUL (the database takes neither), bounded in depth and number.
 *
 * @throws {BadUserInput} when it is not JSON, or ambiguous
 * @throws {QueryTooComplex} when it is too deep or too large
 */
export function parseJson(json: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new BadUserInput('The request is not valid JSON.')
  }
  if (inspect(value) !== countMembers(json)) {
    throw new BadUserInput('The request has an object with the same key twice.')
  }
  return value
}

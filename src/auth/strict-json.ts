export type JsonObject = Readonly<Record<string, unknown>>

/** Deeper than any token or key set, and far from what recursion in a caller could not bear. */
const MAX_DEPTH = 16

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A string, or a mark that opens, closes or separates. Run over text that JSON.parse accepts, it finds them all. */
const MARK = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g

export class NotStrictJson extends Error {
  override readonly name = 'NotStrictJson'
  readonly repeatedName: boolean

  constructor(repeatedName: boolean) {
    super(repeatedName ? 'A name is repeated.' : 'Not a JSON object in UTF-8.')
    this.repeatedName = repeatedName
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What an object itself has under a name; never what it inherits, so `__proto__` finds nothing. */
export function ownValue(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/**
 * JSON.parse keeps the last of two members with one name, other readers the first: two readers of one token
 * would see two subjects. Names are compared as they mean, so that `"\u0073ub"` is `"sub"`.
 */
function checkNames(text: string): void {
  const open: (Set<string> | null)[] = []
  let lastString = ''
  for (const [mark] of text.matchAll(MARK)) {
    if (mark === '{') open.push(new Set())
    else if (mark === '[') open.push(null)
    else if (mark === '}' || mark === ']') open.pop()
    else if (mark === ':') addName(open.at(-1), JSON.parse(lastString) as string)
    else lastString = mark
    if (open.length > MAX_DEPTH) throw new NotStrictJson(false)
  }
}

function addName(names: Set<string> | null | undefined, name: string): void {
  if (names?.has(name)) throw new NotStrictJson(true)
  names?.add(name)
}

/**
 * Reads a JSON object strictly, as RFC 7515 §4 and RFC 7519 §4 allow a verifier to: well-formed UTF-8
 * without a byte-order mark, an object, no name twice in it or in an object inside it, depth at most 16.
 *
 * @throws {NotStrictJson}
 */
export function parseStrictObject(bytes: Uint8Array): JsonObject {
  const parsed = parseText(bytes)
  if (!isObject(parsed.value)) throw new NotStrictJson(false)
  checkNames(parsed.text)
  return parsed.value
}

function parseText(bytes: Uint8Array): { text: string; value: unknown } {
  try {
    const text = utf8.decode(bytes)
    return { text, value: JSON.parse(text) }
  } catch {
    // The engine's message quotes the text.
    throw new NotStrictJson(false)
  }
}

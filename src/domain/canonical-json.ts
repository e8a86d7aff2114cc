import { BadUserInput } from '../errors.ts'

/** Deeper than any input of the API. */
const MAX_DEPTH = 16

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new BadUserInput('The input is nested too deeply.')
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const members = Object.entries(value)
    .filter(([, member]) => member != null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${write(member, depth + 1)}`)
  return `{${members.join(',')}}`
}

/**
 * One text for equal inputs: members sorted by UTF-16 code units as in RFC 8785, and, unlike there, what
 * is null or left out is the same. Strings, numbers, booleans, arrays and objects.
 * @throws {BadUserInput} when nested deeper than any input of the API.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}

import type { Opening } from '../domain/audit-entry.ts'

/**
 * What one request opened and what it was refused, gathered while it runs and written to the audit before it is
 * answered. A field opened twice is listed once.
 */
export interface AccessLog {
  opened(opening: Opening): void
  refused(coordinate: string): void
  readonly openings: readonly Opening[]
  readonly refusals: readonly string[]
}

export function createAccessLog(): AccessLog {
  const openings = new Map<string, Opening>()
  const refusals = new Set<string>()
  return {
    opened(opening) {
      openings.set(`${opening.type}.${opening.field} ${opening.shown} ${opening.id}`, opening)
    },
    refused(coordinate) {
      refusals.add(coordinate)
    },
    get openings() {
      return [...openings.values()]
    },
    get refusals() {
      return [...refusals]
    },
  }
}

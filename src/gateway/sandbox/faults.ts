import { choiceOf, integerOf, objectOf, optionalTextOf } from './fields.ts'

/** What goes wrong with the next requests: with `when: 'AFTER'` they are carried out, and only the answer is lost. */
export interface Fault {
  readonly kind: 'DROP' | 'ERROR' | 'SLOW'
  readonly when: 'BEFORE' | 'AFTER'
  readonly delayMs: number
}

interface Planned extends Fault {
  left: number
  /** `POST /payments`; null for every request of the server's. */
  readonly route: string | null
}

export interface Faults {
  plan(body: unknown): void
  /** The fault that the next request of this route meets; it is used up. */
  take(route: string): Fault | null
}

export function createFaults(): Faults {
  const planned: Planned[] = []
  return {
    plan(body) {
      const fields = objectOf(body, 'The fault', ['kind', 'when', 'count', 'delayMs', 'route'])
      planned.push({
        kind: choiceOf(fields, 'kind', ['DROP', 'ERROR', 'SLOW']),
        when: fields['when'] == null ? 'BEFORE' : choiceOf(fields, 'when', ['BEFORE', 'AFTER']),
        left: integerOf(fields, 'count', 1, 10_000),
        delayMs: fields['delayMs'] == null ? 1_000 : integerOf(fields, 'delayMs', 1, 600_000),
        route: optionalTextOf(fields, 'route'),
      })
    },
    take(route) {
      const index = planned.findIndex((fault) => fault.route === null || fault.route === route)
      const fault = planned[index]
      if (fault === undefined) return null
      fault.left--
      if (fault.left === 0) planned.splice(index, 1)
      return fault
    },
  }
}

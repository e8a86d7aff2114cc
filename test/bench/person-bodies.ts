import type { Person } from './people.ts'

const QUERY = 'query Show($id: ID!) { person(id: $id) { id company email phoneNumber } }'
const BODIES = 100

/** Requests for one person each, two of whose fields are protected. */
export function personBodies(people: readonly Person[]): string[] {
  return people
    .slice(0, BODIES)
    .map(({ id }) => JSON.stringify({ query: QUERY, operationName: 'Show', variables: { id } }))
}

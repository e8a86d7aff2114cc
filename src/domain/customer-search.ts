import { BadUserInput } from '../errors.ts'
import type { CustomerSearch } from './customer.ts'
import { rowIdFilter, textFilter, timestampFilter, type Optional, type SearchText } from './search.ts'

/** The one value that a sealed field is searched by: its blind index knows equality and nothing else. */
function sealedValue(search: Optional<SearchText>, field: string): string | undefined {
  if (search == null) return undefined
  const { filter, isNot } = textFilter(search, field)
  const { equals, ...others } = filter
  if (isNot !== undefined || Object.keys(others).length > 0) {
    throw new BadUserInput(`\`${field}\` is stored sealed, so that it is searched by \`is\` alone.`)
  }
  return equals
}

/** The condition of a search, without the caller's reach. @throws {BadUserInput} */
export function customerWhere(search: CustomerSearch) {
  if (search.firstName != null) {
    throw new BadUserInput(
      '`firstName` is stored sealed and without an index, so that it cannot be searched.',
    )
  }
  const { filter, isNot } = textFilter(search.company, 'company')
  const email = sealedValue(search.email, 'email')
  const lastName = sealedValue(search.lastName, 'lastName')
  const phoneNumber = sealedValue(search.phoneNumber, 'phoneNumber')
  return {
    id: rowIdFilter(search.id),
    deletedAt: null,
    company: filter,
    createdAt: timestampFilter(search.createdAt),
    ...(isNot === undefined ? {} : { OR: [{ company: { not: isNot } }, { company: null }] }),
    ...(email === undefined ? {} : { email }),
    ...(lastName === undefined ? {} : { lastName }),
    ...(phoneNumber === undefined ? {} : { phoneNumber }),
  }
}

/** Fictitious people and companies of the demo. Addresses are under example.com (RFC 2606), numbers are reserved for fiction. */
export interface DemoPerson {
  readonly firstName: string
  readonly lastName: string
  readonly company: string | null
  readonly email: string
  readonly phoneNumber: string | null
}

const FIRST_NAMES = [
  'Alex',
  'Amara',
  'Bjorn',
  'Chiara',
  'Dmitri',
  'Elena',
  'Farid',
  'Grace',
  'Hana',
  'Igor',
  'Jonas',
  'Keiko',
  'Leila',
  'Mateo',
  'Nadia',
  'Oscar',
  'Priya',
  'Quentin',
  'Rosa',
  'Samuel',
]
const LAST_NAMES = [
  'Morgan',
  'Okafor',
  'Lindqvist',
  'Ricci',
  'Volkov',
  'Papadaki',
  'Haddad',
  'Bennett',
  'Sato',
  'Novak',
  'Weber',
  'Tanaka',
  'Karimi',
  'Herrera',
  'Petrova',
  'Nilsson',
  'Sharma',
  'Dubois',
  'Castillo',
  'Adeyemi',
]
const COMPANIES = [
  'Blue Kite Ltd',
  'Northwind Ceramics',
  'Larkspur Books',
  'Harbour & Sons',
  'Okapi Cycles',
  'Tidewater Coffee',
  'Juniper Outdoor',
  'Velvet Lamp',
  'Stonebridge Tools',
  'Copper Fox Studio',
]

const pick = <T>(list: readonly T[], index: number): T => {
  const item = list[index % list.length]
  if (item === undefined) throw new RangeError('The list is empty.')
  return item
}

/** The person of that number; always the same. Number 0 is the one whom the CUSTOMER demo identity is. */
export function demoPerson(index: number): DemoPerson {
  const firstName = pick(FIRST_NAMES, index)
  const lastName = pick(LAST_NAMES, index + Math.floor(index / FIRST_NAMES.length) * 7)
  const address = index === 0 ? '' : index
  return {
    firstName,
    lastName,
    company: index % 3 === 1 ? pick(COMPANIES, Math.floor(index / 3)) : null,
    email: `${firstName}.${lastName}${address}@example.com`.toLowerCase(),
    phoneNumber: index % 4 === 3 ? null : `+1 202 555 ${String(100 + index).padStart(4, '0')}`,
  }
}

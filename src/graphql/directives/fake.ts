import { hash } from 'node:crypto'
import { faker } from '@faker-js/faker/locale/en'
import type { RecordKey } from './protection.ts'

/** A source of numbers that are the same for one record and field, whatever its value is. */
type Draw = (below: number) => number

type FakeKind = (draw: Draw) => string

/** faker's word lists, without its generator: that one has one state for the whole process, and takes 40 us to seed. */
const { person, location } = faker.definitions
const COMPANY_FORMS = ['Group', 'Inc', 'LLC', 'and Sons']

const pick = (draw: Draw, words: readonly string[]): string => words[draw(words.length)] ?? 'Example'
const digits = (draw: Draw, count: number): string => String(draw(10 ** count)).padStart(count, '0')

const firstName: FakeKind = (draw) => pick(draw, person.first_name.generic ?? [])
const lastName: FakeKind = (draw) => pick(draw, person.last_name.generic ?? [])
const fullName: FakeKind = (draw) => `${firstName(draw)} ${lastName(draw)}`

/** RFC 2606 reserves example.com: no such mailbox is anyone's. */
const email: FakeKind = (draw) =>
  `${firstName(draw)}.${lastName(draw)}${digits(draw, 2)}@example.com`
    .toLowerCase()
    .replace(/[^a-z0-9.@]/g, '')
/** 555-0100 to 555-0199 are reserved for fiction in the North American plan. */
const phone: FakeKind = (draw) => `+1 ${2 + draw(8)}${digits(draw, 2)} 555 01${digits(draw, 2)}`
const organisation: FakeKind = (draw) => `${lastName(draw)} ${pick(draw, COMPANY_FORMS)}`
const street: FakeKind = (draw) => `${1 + draw(9999)} ${pick(draw, location.street_name)}`
const flat: FakeKind = (draw) => `Apt. ${1 + draw(999)}`
const city: FakeKind = (draw) => pick(draw, location.city_name)
const region: FakeKind = (draw) => pick(draw, location.state)
const postalCode: FakeKind = (draw) => digits(draw, 5)
const countryCode: FakeKind = (draw) =>
  pick(
    draw,
    location.country_code.map(({ alpha2 }) => alpha2),
  )
const country: FakeKind = (draw) => pick(draw, location.country)

/** A field's kind by its name. A name that is not here cannot be FAKE. */
const KINDS: ReadonlyMap<string, FakeKind> = new Map(
  Object.entries({
    email,
    emailAddress: email,
    phone,
    phoneNumber: phone,
    mobile: phone,
    fax: phone,
    firstName,
    givenName: firstName,
    lastName,
    familyName: lastName,
    fullName,
    cardholderName: fullName,
    accountHolderName: fullName,
    company: organisation,
    companyName: organisation,
    street,
    streetAddress: street,
    addressLine1: street,
    extendedAddress: flat,
    addressLine2: flat,
    city,
    locality: city,
    region,
    state: region,
    postalCode,
    zip: postalCode,
    country,
    countryName: country,
    countryCode,
  }),
)

/** Whether FAKE has data for a field of this name. */
export function hasFakeKind(fieldName: string): boolean {
  return KINDS.has(fieldName)
}

/** 32 bytes of SHA-256 are eight draws of 32 bits: twice what any kind takes, with a bias below 10^-5. */
function drawsOf({ type, id }: RecordKey, fieldName: string): Draw {
  const digest = hash('sha256', JSON.stringify([type, fieldName, id]), 'buffer')
  let offset = 0
  return (below) => {
    const number = digest.readUInt32BE(offset)
    offset += 4
    return number % below
  }
}

/**
 * Fictitious data of the field's kind. It depends on the record and the field alone, never on the value: the
 * same at every call and in every process, and nothing can be averaged or inverted out of it.
 */
export function fakeValue(record: RecordKey, fieldName: string): string {
  const kind = KINDS.get(fieldName)
  if (kind === undefined) throw new TypeError(`FAKE has no data for a field named ${fieldName}.`)
  return kind(drawsOf(record, fieldName))
}

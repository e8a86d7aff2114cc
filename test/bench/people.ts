/** Made-up people: 1,000 of them are what most rows read and write. */
import { v7 } from 'uuid'

export interface Person {
  readonly id: string
  readonly company: string
  readonly country: string
  readonly points: number
  readonly since: string
  readonly email: string
  readonly phoneNumber: string
  readonly lastName: string
}

export const PEOPLE = 1000

/** Numbers are of the range that Ofcom keeps for fiction. */
export function makePeople(count = PEOPLE): Person[] {
  return Array.from({ length: count }, (_, index) => ({
    id: v7(),
    company: `Example Works ${index}`,
    country: 'GB',
    points: index,
    since: '2026-11-24T14:40:00.000Z',
    email: `ada.lovelace.${index}@mail.example.com`,
    phoneNumber: `+44 20 7946 0${String(index % 1000).padStart(3, '0')}`,
    lastName: `Lovelace-${index}`,
  }))
}

import { describe, expect, it } from '@jest/globals'
import { fakeValue, hasFakeKind } from '../../../src/graphql/directives/fake.ts'

const ann = { type: 'Customer', id: '0191d3a0-0000-7000-8000-000000000001' }
const bob = { type: 'Customer', id: '0191d3a0-0000-7000-8000-000000000002' }

/** Frozen: another faker version may change its word lists, and then every FAKE mask, which a caller would see. */
const VECTORS: readonly (readonly [field: string, value: string])[] = [
  ['email', 'cary.beatty39@example.com'],
  ['phoneNumber', '+1 850 555 0131'],
  ['firstName', 'Regan'],
  ['lastName', 'Emmerich'],
  ['fullName', 'Baby Boyle'],
  ['cardholderName', 'Lane Wehner'],
  ['company', 'Lesch Inc'],
  ['streetAddress', '5340 The Paddocks'],
  ['extendedAddress', 'Apt. 387'],
  ['locality', 'Delray Beach'],
  ['region', 'Utah'],
  ['postalCode', '27620'],
  ['countryCode', 'NL'],
  ['country', 'Åland Islands'],
]

describe('FAKE', () => {
  it.each(VECTORS)('gives for %s what it always gave: %s', (field, value) => {
    expect(fakeValue(ann, field)).toBe(value)
  })

  it('gives another record, another field and another type other data', () => {
    const all = [
      fakeValue(ann, 'fullName'),
      fakeValue(bob, 'fullName'),
      fakeValue(ann, 'cardholderName'),
      fakeValue({ ...ann, type: 'Payee' }, 'fullName'),
    ]
    expect(new Set(all).size).toBe(4)
  })

  it('does not mistake one name and id for another that reads the same together', () => {
    expect(fakeValue({ type: 'A', id: 'B,c' }, 'email')).not.toBe(
      fakeValue({ type: 'A,B', id: 'c' }, 'email'),
    )
  })

  it('invents addresses and numbers that nobody can have', () => {
    for (let at = 0; at < 500; at += 1) {
      const record = { type: 'Customer', id: `record-${at}` }
      expect(fakeValue(record, 'email')).toMatch(/^[a-z]+\.[a-z]+[0-9]{2}@example\.com$/)
      expect(fakeValue(record, 'phoneNumber')).toMatch(/^\+1 [2-9][0-9]{2} 555 01[0-9]{2}$/)
    }
  })

  it('rarely gives two records the same name', () => {
    const names = Array.from({ length: 500 }, (_, at) =>
      fakeValue({ type: 'Customer', id: `record-${at}` }, 'fullName'),
    )
    expect(new Set(names).size).toBeGreaterThan(490)
  })

  it('has no data for a name that it does not know, nor for one that every object has', () => {
    expect([hasFakeKind('shoeSize'), hasFakeKind('constructor'), hasFakeKind('email')]).toEqual([
      false,
      false,
      true,
    ])
    expect(() => fakeValue(ann, 'shoeSize')).toThrow(TypeError)
  })
})

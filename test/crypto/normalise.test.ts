import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Normalizer } from '../../src/crypto/field-spec.ts'
import { normaliseText } from '../../src/crypto/normalise.ts'

describe('what a blind index finds equal', () => {
  it.each<[Normalizer, string, string]>([
    ['exact', 'tok_1A', 'tok_1A'],
    ['email', 'Ann@Example.COM', 'ann@example.com'],
    ['email', '  ann@example.com\n', 'ann@example.com'],
    ['email', 'zoe\u0308@example.com', 'zoë@example.com'],
    ['phone', '+44 20 7946 0958', '+442079460958'],
    ['phone', '+44 (0)20-7946-0958', '+442079460958'],
    ['phone', 'tel:+442079460958', '+442079460958'],
    ['phone', '020 7946 0958', '02079460958'],
    ['phone', '(020) 7946-0958', '02079460958'],
    ['phone', '+999 12', '+99912'],
    ['phone', ' unknown ', 'unknown'],
    ['name', ' ann   SMITH ', 'ann smith'],
    ['name', 'Straße', 'strasse'],
    ['name', 'ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['name', 'Ａｎｎ\u3000Ｓｍｉｔｈ', 'ann smith'],
    ['name', 'Zoe\u0308', 'zoë'],
  ])('by %s: %j is %j', (how, text, expected) => {
    expect(normaliseText(how, text)).toBe(expected)
  })

  it.each<[Normalizer, string, string]>([
    ['exact', 'tok_1A', 'tok_1a'],
    ['exact', 'tok', ' tok'],
    ['email', 'ann@example.com', 'ann+shop@example.com'],
    ['email', 'ann.s@example.com', 'anns@example.com'],
    ['phone', '+442079460958', '+12079460958'],
    ['phone', 'unknown', 'none'],
    ['name', 'Zoë', 'Zoe'],
    ['name', 'Ann Smith', 'AnnSmith'],
  ])('by %s: %j is not %j', (how, one, other) => {
    expect(normaliseText(how, one)).not.toBe(normaliseText(how, other))
  })

  it.each<Normalizer>(['exact', 'email', 'phone', 'name'])(
    'by %s: a normalised text stays as it is',
    (how) => {
      const letters = fc.string({
        unit: fc.constantFrom(...Array.from('aZéÉßſσΣς İıK\u0308\u0307ﬁ０1+-()@.')),
      })
      fc.assert(
        fc.property(letters, (text) => {
          const once = normaliseText(how, text)
          expect(normaliseText(how, once)).toBe(once)
        }),
      )
    },
  )
})

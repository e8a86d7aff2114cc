import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isMaskCharacter, maskEmail, maskPartial, maskPhone } from '../../../src/graphql/directives/mask.ts'

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
const graphemesOf = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment)
const FAMILY = '👨‍👩‍👧‍👦'
const keep = (first: number, last: number) => ({ first, last, with: '*' })

describe('PARTIAL', () => {
  it.each([
    ['a card number', '4111 1111 1111 1234', keep(0, 4), '**** **** **** 1234'],
    ['a card number with hyphens', '4111-1111-1111-1234', keep(0, 4), '****-****-****-1234'],
    ['a card number in one piece', '4111111111111234', keep(0, 4), '************1234'],
    ['first and last', 'abcdefgh', keep(2, 2), 'ab****gh'],
    ['nothing kept', 'secret', keep(0, 0), '******'],
    ['exactly half', '12345678', keep(0, 4), '****5678'],
    ['one more than half', '1234567', keep(0, 4), '*******'],
    ['more than half by both ends', 'abcd', keep(2, 1), '****'],
    ['separators that do not count towards the half', '1 2 3 4', keep(0, 4), '* * * *'],
    ['one letter', 'J', keep(1, 0), '*'],
    ['two letters', 'Jo', keep(1, 0), 'J*'],
    ['an empty text', '', keep(4, 4), ''],
    ['spaces alone', '  ', keep(1, 0), '  '],
    ['two names', 'Ada Lovelace', keep(1, 0), 'A** ********'],
    ['a hyphenated name', 'Anne-Marie', keep(1, 0), 'A***-*****'],
    ['an umlaut', 'Müller', keep(1, 0), 'M*****'],
    ['a decomposed umlaut, kept whole', 'u\u0308ber', keep(1, 0), 'u\u0308***'],
    ['an emoji family, which is one grapheme', `${FAMILY}abc`, keep(1, 0), `${FAMILY}***`],
    ['flags', '🇩🇪🇫🇷🇮🇹🇪🇸', keep(1, 1), '🇩🇪**🇪🇸'],
    ['skin tones', '👍🏽👍🏿ab', keep(1, 0), '👍🏽***'],
    ['non-breaking spaces and hyphens', '12\u00a034\u201156', keep(0, 2), '**\u00a0**\u201156'],
    ['Han', '王小明', keep(1, 0), '王**'],
    ['Devanagari', 'नमस्ते', keep(1, 0), 'न**'],
  ])('masks %s', (_name, text, mask, shown) => {
    expect(maskPartial(text, mask)).toBe(shown)
  })

  it('shows nothing of a text that invisible characters make longer than it looks', () => {
    expect(maskPartial('12\u200b\u200b\u200b', keep(2, 0))).toBe('**')
    expect(maskPartial('\u200f1234\u200f', keep(2, 0))).toBe('****')
    expect(maskPartial('\u0301abcd', keep(1, 0))).toBe('****')
  })

  it('takes another character to hide with, also one that a replacement would read as a pattern', () => {
    expect(maskPartial('12345678', { first: 0, last: 4, with: '•' })).toBe('••••5678')
    expect(maskPartial('12345678', { first: 0, last: 4, with: '$' })).toBe('$$$$5678')
  })

  it('counts plain letters as the segmenter does', () => {
    for (const [from, to] of [
      [0x20, 0x7e],
      [0xa1, 0xac],
      [0xae, 0x2ff],
      [0x370, 0x482],
      [0x48a, 0x52f],
      [0x3041, 0x3096],
      [0x30a1, 0x30fa],
      [0xac00, 0xd7a3],
    ] as const) {
      const text = String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, at) => from + at))
      expect(graphemesOf(text)).toHaveLength(text.length)
    }
  })

  const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string())
  const masks = fc.record({ first: fc.nat(12), last: fc.nat(12), with: fc.constantFrom('*', '•', 'x') })

  it('never shows more than half, whatever the text', () => {
    fc.assert(
      fc.property(texts, fc.nat(12), fc.nat(12), (text, first, last) => {
        const isValue = (grapheme: string) => !/^[\s\-\u2010\u2011]+$/u.test(grapheme)
        const values = graphemesOf(text).filter(isValue)
        const shown = graphemesOf(maskPartial(text, { first, last, with: '\u2588' })).filter(isValue)
        const clear = shown.filter((grapheme) => grapheme !== '\u2588')
        expect(clear.length).toBeLessThanOrEqual(values.length / 2)
      }),
    )
  })

  it('keeps the length and the separators of what is made of whole characters', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'é', '7', ' ', '-', FAMILY, '🇩🇪', 'e\u0301', '王', 'ß')),
        masks,
        (parts, mask) => {
          const shown = graphemesOf(maskPartial(parts.join(''), mask))
          expect(shown).toHaveLength(graphemesOf(parts.join('')).length)
          expect(shown.map((part) => (part === ' ' || part === '-' ? part : ''))).toEqual(
            graphemesOf(parts.join('')).map((part) => (part === ' ' || part === '-' ? part : '')),
          )
        },
      ),
    )
  })

  it('masks a mask to itself', () => {
    fc.assert(
      fc.property(texts, masks, (text, mask) => {
        const once = maskPartial(text, mask)
        expect(maskPartial(once, mask)).toBe(once)
      }),
    )
  })
})

describe('EMAIL', () => {
  it.each([
    ['alice@example.com', 'a***@example.com'],
    ['al@example.com', 'a***@example.com'],
    ['a@example.com', '***@example.com'],
    ['alice+shop@example.co.uk', 'a***@example.co.uk'],
    ['7even@example.com', '7***@example.com'],
    ['_alice@example.com', '***@example.com'],
    ['"alice smith"@example.com', '***@example.com'],
    ['"a@b"@example.com', '***@example.com'],
    ['jürgen@exämple.de', 'j***@exämple.de'],
    ['用户@例子.广告', '用***@例子.广告'],
    ['é\u0301a@example.com', 'é\u0301***@example.com'],
    ['a\u200bb@example.com', '***'],
    ['alice@localhost', '***'],
    ['alice@-example.com', '***'],
    ['alice@example..com', '***'],
    ['alice@4111111111111111', '***'],
    ['alice@[192.0.2.1]', '***'],
    ['alice@b@example.com', '***'],
    ['call alice@example.com', '***'],
    ['@example.com', '***'],
    ['alice@', '***'],
    ['4111 1111 1111 1111', '***'],
    ['', '***'],
  ])('masks %s as %s', (text, shown) => {
    expect(maskEmail(text)).toBe(shown)
  })

  it('does not tell how long the local part is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^a[a-z0-9.]{1,40}$/), (local) => {
        expect(maskEmail(`${local}@example.com`)).toBe('a***@example.com')
      }),
    )
  })

  it('masks a mask to itself, and shows one grapheme of the local part at most', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          fc.string({ unit: 'grapheme' }).map((text) => `${text}@example.com`),
        ),
        (text) => {
          const once = maskEmail(text)
          expect(maskEmail(once)).toBe(once)
          expect(graphemesOf(once.slice(0, once.indexOf('***'))).length).toBeLessThanOrEqual(1)
        },
      ),
    )
  })
})

describe('PHONE', () => {
  it.each([
    ['+44 20 7946 0018', '+** ** **** **18'],
    ['+49 (0)30 901820', '+** (*)** ****20'],
    ['555.123.4567', '***.***.**67'],
    ['1-800-FLOWERS', '*-***-*******'],
    ['555 1234 ext 89', '*** **** *** 89'],
    ['112', '***'],
    ['1234', '**34'],
    ['12', '**'],
    ['', ''],
    ['٠١٢٣٤٥', '****٤٥'],
    ['123\u200b456', '******'],
  ])('masks %s as %s', (text, shown) => {
    expect(maskPhone(text)).toBe(shown)
  })

  it('shows two digits at most, and masks a mask to itself', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^\+?[0-9 ()-]{0,20}$/)),
        (text) => {
          const once = maskPhone(text)
          expect(Array.from(once.matchAll(/\p{Nd}/gu)).length).toBeLessThanOrEqual(2)
          expect(maskPhone(once)).toBe(once)
        },
      ),
    )
  })
})

describe('a character that stands for a hidden one', () => {
  it.each(['*', '•', 'X', '█', '🙈'])('may be %s', (text) => {
    expect(isMaskCharacter(text)).toBe(true)
  })

  it.each(['', ' ', '-', '**', '\u200b', '\u0301', '\n', '\u2011'])('may not be %j', (text) => {
    expect(isMaskCharacter(text)).toBe(false)
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { FieldSpec, SealedType } from '../../src/crypto/field-spec.ts'
import { decodeValue, encodeValue } from '../../src/crypto/value-codec.ts'
import { BadUserInput, OpenFailed } from '../../src/errors.ts'

const values = ['LOW', 'MEDIUM', 'HÖCHST']

function specOf(type: SealedType): FieldSpec {
  return { model: 'Customer', field: 'thing', keyring: 'customer', type, values }
}

const anyOf: Readonly<Record<SealedType, fc.Arbitrary<unknown>>> = {
  String: fc.string({ unit: 'binary' }),
  Json: fc.jsonValue().filter((value) => value !== null),
  Bytes: fc.uint8Array(),
  Int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  BigInt: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  Decimal: fc
    .tuple(fc.bigInt(), fc.option(fc.stringMatching(/^[0-9]{1,20}$/), { nil: undefined }))
    .map(([whole, part]) => (part === undefined ? String(whole) : `${whole}.${part}`)),
  DateTime: fc.date({ noInvalidDate: true }),
  Boolean: fc.boolean(),
  Enum: fc.constantFrom(...values),
}
const types = Object.keys(anyOf) as SealedType[]

describe('the value codec', () => {
  it.each(types)('gives back every value of type %s', (type) => {
    const spec = specOf(type)
    fc.assert(
      fc.property(anyOf[type], (value) => {
        // JSON has one zero.
        const expected: unknown = type === 'Json' ? JSON.parse(JSON.stringify(value)) : value
        expect(decodeValue(spec, encodeValue(spec, value))).toEqual(expected)
      }),
    )
  })

  it.each<[SealedType, number]>([
    ['Int', 4],
    ['BigInt', 8],
    ['DateTime', 8],
    ['Boolean', 1],
    ['Enum', 7],
  ])('gives every value of type %s %i bytes', (type, length) => {
    fc.assert(
      fc.property(anyOf[type], (value) => {
        expect(encodeValue(specOf(type), value)).toHaveLength(length)
      }),
    )
  })

  it('keeps a byte order mark and a zero byte in a text', () => {
    const spec = specOf('String')
    expect(decodeValue(spec, encodeValue(spec, '\uFEFFa\0b'))).toBe('\uFEFFa\0b')
  })

  it('keeps a property named __proto__ in JSON', () => {
    const spec = specOf('Json')
    const value: unknown = JSON.parse('{"__proto__":{"a":1}}')
    expect(JSON.stringify(decodeValue(spec, encodeValue(spec, value)))).toBe('{"__proto__":{"a":1}}')
  })

  it('copies bytes, so that a later change of either side does not reach the other', () => {
    const spec = specOf('Bytes')
    const value = Uint8Array.of(1, 2, 3)
    const encoded = encodeValue(spec, value)
    const decoded = decodeValue(spec, encoded) as Uint8Array
    value.fill(9)
    encoded.fill(9)
    expect([...decoded]).toEqual([1, 2, 3])
    expect(Buffer.isBuffer(decoded)).toBe(false)
  })
})

describe('a value that cannot be sealed', () => {
  it.each<[SealedType, string, unknown]>([
    ['String', 'half of a surrogate pair', 'secret\uD800'],
    ['Json', 'NaN inside', { secret: Number.NaN }],
    ['Int', 'a fraction', 1.5],
    ['Int', 'NaN', Number.NaN],
    ['Int', 'too large', 2 ** 31],
    ['Int', 'too small', -(2 ** 31) - 1],
    ['BigInt', 'too large', 2n ** 63n],
    ['BigInt', 'too small', -(2n ** 63n) - 1n],
    ['Decimal', 'an exponent', '1e5'],
    ['Decimal', 'a leading zero', '01'],
    ['Decimal', 'a lone point', '1.'],
    ['Decimal', 'no number', 'secret'],
    ['Decimal', 'another script’s digits', '١٢'],
    ['Decimal', 'a line break', '1\n'],
    ['Decimal', 'a thousand digits and one', '1'.repeat(1001)],
    ['DateTime', 'an invalid date', new Date(Number.NaN)],
    ['Enum', 'not of the list', 'secret'],
    ['Enum', 'padded by the caller', 'LOW\0'],
  ])('of type %s, %s, is refused without being repeated', (type, _why, value) => {
    const seal = () => encodeValue(specOf(type), value)
    expect(seal).toThrow(BadUserInput)
    expect(seal).toThrow(/^Customer\.thing [^0-9]*(32|64)?[^0-9]*\.$/)
    expect(seal).not.toThrow(/secret/)
  })

  it.each<[SealedType, unknown]>([
    ...types.flatMap((type): [SealedType, unknown][] => [
      [type, undefined],
      [type, null],
    ]),
    ['String', 1],
    ['Bytes', 'text'],
    ['Bytes', [1, 2]],
    ['Int', '1'],
    ['Int', 1n],
    ['BigInt', 1],
    ['Decimal', 1.5],
    ['DateTime', '2026-01-01T00:00:00Z'],
    ['DateTime', 0],
    ['Boolean', 'true'],
    ['Boolean', 1],
    ['Enum', 0],
  ])('of type %s, %p, is a fault of the program', (type, value) => {
    expect(() => encodeValue(specOf(type), value)).toThrow(TypeError)
  })
})

describe('bytes that no value has', () => {
  it.each<[SealedType, string, Buffer]>([
    ['String', 'broken UTF-8', Buffer.of(0x61, 0xff)],
    ['String', 'a surrogate in UTF-8', Buffer.of(0xed, 0xa0, 0x80)],
    ['Json', 'no JSON', Buffer.from('{"secret"')],
    ['Json', 'nothing', Buffer.alloc(0)],
    ['Int', '3 bytes', Buffer.alloc(3)],
    ['Int', '5 bytes', Buffer.alloc(5)],
    ['BigInt', '4 bytes', Buffer.alloc(4)],
    ['Decimal', 'no number', Buffer.from('1e5')],
    ['DateTime', '7 bytes', Buffer.alloc(7)],
    ['DateTime', 'beyond the last date', Buffer.alloc(8, 0x7f)],
    ['Boolean', 'neither 0 nor 1', Buffer.of(2)],
    ['Boolean', 'nothing', Buffer.alloc(0)],
    ['Enum', 'not of the list', Buffer.from('NEVER\0\0')],
    ['Enum', 'something after the padding', Buffer.from('LOW\0LOW')],
  ])('of type %s, %s, are refused without a trace of them', (type, _why, bytes) => {
    const open = () => decodeValue(specOf(type), bytes)
    expect(open).toThrow(OpenFailed)
    expect(open).toThrow(expect.not.objectContaining({ cause: expect.anything() as unknown }))
  })

  it('of type Enum open with the padding of a shorter list', () => {
    expect(decodeValue(specOf('Enum'), Buffer.from('LOW\0'))).toBe('LOW')
    expect(decodeValue(specOf('Enum'), Buffer.from('LOW'))).toBe('LOW')
  })
})

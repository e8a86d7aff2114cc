import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isJsonValue } from '../../src/crypto/json-value.ts'

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

describe('isJsonValue', () => {
  it('accepts whatever JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), (text) => {
        expect(isJsonValue(JSON.parse(text))).toBe(true)
      }),
    )
  })

  it('accepts objects without a prototype, and properties that are absent', () => {
    expect(isJsonValue(Object.assign(Object.create(null) as object, { city: 'Köln' }))).toBe(true)
    expect(isJsonValue({ city: 'Köln', street: undefined })).toBe(true)
  })

  class Address {
    readonly city = 'Köln'
  }
  it.each([
    ['NaN', Number.NaN],
    ['an infinity', [Infinity]],
    ['a bigint', { amount: 1n }],
    ['a function', { toJSON: () => 'x' }],
    ['a symbol', [Symbol('x')]],
    ['undefined in an array', [undefined]],
    ['a hole in an array', new Array(1)],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a buffer', Buffer.from('x')],
    ['an instance of a class', new Address()],
    ['a boxed string', Object('x')],
  ])('refuses %s', (_name, value) => {
    expect(isJsonValue(value)).toBe(false)
  })

  it('accepts 64 levels and refuses 65, and 100,000 without overflowing the stack', () => {
    expect(isJsonValue(nested(64))).toBe(true)
    expect(isJsonValue(nested(65))).toBe(false)
    expect(isJsonValue(nested(100_000))).toBe(false)
  })

  it('refuses a cycle, and a small graph that unfolds into millions of values', () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    expect(isJsonValue(cycle)).toBe(false)
    let fan: unknown = 'x'
    for (let level = 0; level < 30; level += 1) fan = [fan, fan]
    expect(isJsonValue(fan)).toBe(false)
  })

  it('refuses more than 100,000 values, and an array that only claims them', () => {
    expect(isJsonValue(Array.from({ length: 100_000 }, () => 1))).toBe(false)
    expect(isJsonValue(new Array(2 ** 32 - 1))).toBe(false)
  })
})

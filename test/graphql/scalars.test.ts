import { describe, expect, it } from '@jest/globals'
import { scalars } from '../../src/graphql/scalars.ts'

describe('Amount', () => {
  it.each([
    '',
    '-1',
    '+1',
    '1e3',
    '1,50',
    '01',
    '1.',
    '.5',
    ' 1',
    '1\n',
    'Infinity',
    '9'.repeat(16),
    12.5,
    null,
  ])('is not %p', (value) => {
    expect(() => scalars.Amount.parseValue(value)).toThrow('Amount must be a decimal number as text')
  })

  it.each(['0', '12.50', '0.001', '999999999999999.99999999'])('is %p', (value) => {
    expect(scalars.Amount.parseValue(value)).toBe(value)
  })
})

describe('Timestamp', () => {
  it.each([
    '2026-01-31',
    '2026-02-30T12:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31 12:00:00Z',
    '2026-01-31T12:00:00',
    0,
    '',
  ])('is not %p', (value) => {
    expect(() => scalars.Timestamp.parseValue(value)).toThrow('Timestamp must be a time of RFC 3339')
  })

  it('is a point in time, printed in UTC', () => {
    const time = scalars.Timestamp.parseValue('2026-01-31T13:00:00+01:00')
    expect(scalars.Timestamp.serialize(time)).toBe('2026-01-31T12:00:00.000Z')
  })
})

describe('CurrencyCodeAlpha', () => {
  it.each(['usd', 'US', 'USDX', 840])('is not %p', (value) => {
    expect(() => scalars.CurrencyCodeAlpha.parseValue(value)).toThrow('CurrencyCodeAlpha must be')
  })
})

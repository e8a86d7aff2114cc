import { describe, expect, it } from '@jest/globals'
import { createSecretKey } from 'node:crypto'
import { hmacSha256 } from '../../src/crypto/hmac.ts'
import vectors from '../vectors/hmac_sha256_test.json' with { type: 'json' }
import rfc4231 from '../vectors/rfc4231.json' with { type: 'json' }

const tests = vectors.testGroups.flatMap(({ tagSize, tests }) =>
  tests.map((test) => ({ ...test, tagSize, name: `${test.tcId}: ${test.comment}` })),
)

function mac(key: string, message: string): string {
  return hmacSha256(createSecretKey(key, 'hex'), '', Buffer.from(message, 'hex')).toString('hex')
}

describe('HMAC-SHA-256 on Wycheproof’s vectors', () => {
  it('finds every vector', () => {
    expect(tests).toHaveLength(vectors.numberOfTests)
  })

  it.each(tests.filter(({ tagSize, result }) => tagSize === 256 && result === 'valid'))(
    'agrees with $name',
    ({ key, msg, tag }) => {
      expect(mac(key, msg)).toBe(tag)
    },
  )

  it.each(tests.filter(({ result }) => result === 'invalid'))(
    'does not answer $name',
    ({ key, msg, tag }) => {
      expect(mac(key, msg)).not.toBe(tag)
    },
  )

  it.each(tests.filter(({ tagSize }) => tagSize !== 256))(
    'never answers the short tag of $name',
    (vector) => {
      expect(mac(vector.key, vector.msg)).toHaveLength(64)
      expect(vector.tag.length).toBeLessThan(64)
    },
  )
})

describe('HMAC-SHA-256 on RFC 4231', () => {
  it.each(rfc4231.vectors)('agrees with case $case', ({ key, data, mac: expected }) => {
    expect(mac(key, data).slice(0, expected.length)).toBe(expected)
  })
})

describe('the label of an HMAC', () => {
  it('is hashed before the bytes', () => {
    const key = createSecretKey('0b'.repeat(20), 'hex')
    expect(hmacSha256(key, 'Hi ', Buffer.from('There')).toString('hex')).toBe(rfc4231.vectors[0]!.mac)
  })
})

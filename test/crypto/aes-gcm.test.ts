import { describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { importKey, openBytes, sealBytes } from '../../src/crypto/aes-gcm.ts'
import { OpenFailed } from '../../src/errors.ts'
import vectors from '../vectors/aes_gcm_test.json' with { type: 'json' }

const groups = vectors.testGroups.flatMap(({ tests, ...shape }) =>
  tests.map((test) => ({ ...shape, ...test, name: `${test.tcId}: ${test.comment}` })),
)
const ofProfile = groups.filter((one) => one.keySize === 256 && one.ivSize === 96 && one.tagSize === 128)
const others = groups.filter((one) => !ofProfile.includes(one))

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}

describe('AES-256-GCM on Wycheproof’s vectors', () => {
  it('finds every vector', () => {
    expect(groups).toHaveLength(vectors.numberOfTests)
    expect(ofProfile).toHaveLength(66)
  })

  it.each(ofProfile.filter(({ result }) => result === 'valid'))('agrees with $name', (vector) => {
    const { key, iv, aad, msg, ct, tag } = vector
    const sealed = sealBytes(importKey(hex(key)), hex(iv), hex(aad), hex(msg))
    expect(sealed.toString('hex')).toBe(iv + ct + tag)
    expect(openBytes(importKey(hex(key)), hex(aad), sealed).toString('hex')).toBe(msg)
  })

  it.each(ofProfile.filter(({ result }) => result === 'invalid'))('does not open $name', (vector) => {
    const { key, iv, aad, ct, tag } = vector
    expect(() => openBytes(importKey(hex(key)), hex(aad), hex(iv + ct + tag))).toThrow(OpenFailed)
  })

  it.each(others)('refuses the shape of $name ($keySize-bit key, $ivSize-bit nonce)', (vector) => {
    const seal = () => sealBytes(importKey(hex(vector.key)), hex(vector.iv), hex(vector.aad), hex(vector.msg))
    expect(seal).toThrow(RangeError)
  })
})

describe('sealed bytes', () => {
  const raw = randomBytes(32)
  const additionalData = Buffer.from('here')
  const sealed = sealBytes(importKey(Buffer.from(raw)), randomBytes(12), additionalData, Buffer.from('value'))

  it.each([0, 1, 11, 12, 27])('do not open when only %i bytes are left', (length) => {
    const cut = sealed.subarray(0, length)
    expect(() => openBytes(importKey(Buffer.from(raw)), additionalData, cut)).toThrow(OpenFailed)
  })

  it('do not open with a tag cut to any length', () => {
    for (let cut = 1; cut <= 16; cut += 1) {
      const shorter = sealed.subarray(0, sealed.length - cut)
      expect(() => openBytes(importKey(Buffer.from(raw)), additionalData, shorter)).toThrow(OpenFailed)
    }
  })
})

describe('importKey', () => {
  it('zeroes the raw bytes and keeps the key', () => {
    const raw = Buffer.alloc(32, 5)
    const key = importKey(raw)
    expect(raw.equals(Buffer.alloc(32))).toBe(true)
    expect(key.export().equals(Buffer.alloc(32, 5))).toBe(true)
  })

  it.each([0, 16, 24, 31, 33])('refuses %i bytes, and zeroes them', (length) => {
    const raw = Buffer.alloc(length, 5)
    expect(() => importKey(raw)).toThrow(RangeError)
    expect(raw.equals(Buffer.alloc(length))).toBe(true)
  })
})

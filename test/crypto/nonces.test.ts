import { describe, expect, it } from '@jest/globals'
import { createNonces } from '../../src/crypto/nonces.ts'

describe('nonces', () => {
  it('are never handed out twice: 100,000 of 12 bytes differ', () => {
    const next = createNonces()
    const nonces = Array.from({ length: 100_000 }, () => next().toString('latin1'))
    expect(new Set(nonces).size).toBe(100_000)
    expect(nonces.every((nonce) => nonce.length === 12)).toBe(true)
  })

  it('stay as they were when later ones are taken', () => {
    const next = createNonces()
    const first = next()
    const copy = Buffer.from(first)
    for (let count = 0; count < 3_000; count += 1) next()
    expect(first.equals(copy)).toBe(true)
  })

  it('of two sources differ', () => {
    const [one, other] = [createNonces(), createNonces()]
    expect(one().equals(other())).toBe(false)
  })
})

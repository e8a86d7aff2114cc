import { describe, expect, it } from '@jest/globals'
import { createSecretKey } from 'node:crypto'
import type { DataKey } from '../../src/crypto/data-key.ts'
import { KeyCache } from '../../src/crypto/key-cache.ts'

function newKey(id: string): DataKey {
  return { id, keyring: 'customer', purpose: 'ENCRYPTION', secret: createSecretKey(Buffer.alloc(32)) }
}

function newCache(maxKeys = 3) {
  const clock = { time: 0 }
  const cache = new KeyCache({ now: () => clock.time, maxKeys, lifetimeMs: 1000, idleMs: 100 })
  return { clock, cache }
}

describe('the key cache', () => {
  it('holds a key until it was idle for too long', () => {
    const { clock, cache } = newCache()
    const key = newKey('a')
    cache.hold(key)
    clock.time = 99
    expect(cache.get('a')?.key).toBe(key)
    clock.time = 198
    expect(cache.get('a')?.key).toBe(key)
    clock.time = 298
    expect(cache.get('a')).toBeUndefined()
  })

  it('lets go of a key at the end of its lifetime, however busy it is', () => {
    const { clock, cache } = newCache()
    cache.hold(newKey('a'))
    for (clock.time = 0; clock.time < 1000; clock.time += 50) expect(cache.get('a')).toBeDefined()
    expect(cache.get('a')).toBeUndefined()
  })

  it('makes room by dropping the key unused for longest', () => {
    const { clock, cache } = newCache()
    for (const id of ['a', 'b', 'c']) cache.hold(newKey(id))
    clock.time = 10
    cache.get('a')
    clock.time = 20
    cache.get('c')
    cache.hold(newKey('d'))
    expect(['a', 'b', 'c', 'd'].filter((id) => cache.get(id) !== undefined)).toEqual(['a', 'c', 'd'])
  })

  it('never holds more keys than it may, whatever is held again', () => {
    const { cache } = newCache(2)
    for (const id of ['a', 'b', 'b', 'c', 'a', 'd']) cache.hold(newKey(id))
    expect(['a', 'b', 'c', 'd'].filter((id) => cache.get(id) !== undefined)).toEqual(['a', 'd'])
  })

  it('forgets what it is told to, one or all', () => {
    const { cache } = newCache()
    for (const id of ['a', 'b', 'c']) cache.hold(newKey(id))
    cache.drop('a')
    expect([cache.get('a'), cache.get('b')?.key.id]).toEqual([undefined, 'b'])
    cache.clear()
    expect(cache.get('b')).toBeUndefined()
  })

  it('sweeps out what is over, so that nothing is kept by not being asked for', () => {
    const { clock, cache } = newCache()
    cache.hold(newKey('old'))
    clock.time = 60
    cache.hold(newKey('new'))
    clock.time = 110
    cache.sweep()
    // A clock set back would bring a kept key to light again.
    clock.time = 70
    expect([cache.get('old'), cache.get('new')?.key.id]).toEqual([undefined, 'new'])
  })
})

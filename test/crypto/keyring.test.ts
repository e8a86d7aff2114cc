import { describe, expect, it } from '@jest/globals'
import { createKeyrings } from '../../src/crypto/keyring.ts'
import { KmsUnavailable } from '../../src/errors.ts'
import { newKeys } from './memory-keys.ts'

const lifetimeMs = 300_000

async function warmKeys() {
  const keys = newKeys()
  await keys.keyrings.ready(['customer'])
  return { ...keys, keyId: keys.keyrings.active('customer', 'ENCRYPTION').id }
}

describe('the first use of a keyring', () => {
  it('makes one encryption key and one index key, and tells the audit', async () => {
    const { store, keyrings, operations } = await warmKeys()
    const stored = [...store.keys.values()]
    expect(stored.map(({ purpose, state }) => `${purpose} ${state}`).sort()).toEqual([
      'ENCRYPTION ACTIVE',
      'INDEX ACTIVE',
    ])
    expect(operations).toHaveLength(2)
    for (const { id, purpose } of stored) {
      expect(operations).toContainEqual({ operation: 'CREATE', keyId: id, keyring: 'customer', purpose })
      expect(keyrings.active('customer', purpose).id).toBe(id)
    }
  })

  it('makes one key only when a hundred requests come at once', async () => {
    const { store, kms, keyrings } = newKeys()
    await Promise.all(Array.from({ length: 100 }, async () => keyrings.ready(['customer', 'gateway'])))
    expect([kms.generated, store.keys.size, kms.unwrapped]).toEqual([4, 4, 0])
  })

  it('ends in the same key in every process when several start at once', async () => {
    const { store, options, kms } = newKeys()
    const processes = Array.from({ length: 5 }, () => createKeyrings(options))
    await Promise.all(processes.map(async (keyrings) => keyrings.ready(['customer'])))
    const ids = processes.map((keyrings) => keyrings.active('customer', 'ENCRYPTION').id)
    expect(new Set(ids).size).toBe(1)
    expect(store.keys.size).toBe(2)
    expect(kms.generated).toBe(10)
    expect(kms.unwrapped).toBe(8)
  })

  it('uses no key that the audit did not take', async () => {
    const { store, keyrings } = newKeys({
      onKeyOperation: () => Promise.reject(new Error('audit is down')),
    })
    await expect(keyrings.ready(['customer'])).rejects.toThrow('audit is down')
    expect(store.keys.size).toBe(0)
    expect(() => keyrings.active('customer', 'ENCRYPTION')).toThrow(KmsUnavailable)
  })
})

describe('keys in memory', () => {
  it('need neither the KMS nor a promise', async () => {
    const { kms, keyrings, keyId } = await warmKeys()
    const calls = [kms.generated, kms.unwrapped]
    expect(keyrings.ready(['customer'])).toBeUndefined()
    expect(keyrings.find(keyId, 'customer', 'ENCRYPTION')).toBe(keyrings.active('customer', 'ENCRYPTION'))
    expect([kms.generated, kms.unwrapped]).toEqual(calls)
  })

  it('leave no raw bytes behind, made or unwrapped', async () => {
    const { store, kms, options, keyrings, keyId } = await warmKeys()
    await createKeyrings(options).find(keyId, 'customer', 'ENCRYPTION')
    keyrings.invalidate(keyId)
    await keyrings.find(keyId, 'customer', 'ENCRYPTION')
    expect(store.keys.size).toBe(2)
    expect(kms.given).toHaveLength(4)
    expect(kms.given.every((raw) => raw.equals(Buffer.alloc(32)))).toBe(true)
  })

  it('are unwrapped once when a hundred requests ask at once', async () => {
    const { kms, options, keyId } = await warmKeys()
    const other = createKeyrings(options)
    const found = await Promise.all(
      Array.from({ length: 100 }, async () => other.find(keyId, 'customer', 'ENCRYPTION')),
    )
    expect(kms.unwrapped).toBe(1)
    expect(new Set(found).size).toBe(1)
  })

  it('do not fail for those who ask rightly because somebody asks wrongly', async () => {
    const { options, keyId } = await warmKeys()
    const other = createKeyrings(options)
    const [wrong, right] = await Promise.allSettled([
      other.find(keyId, 'customer', 'INDEX'),
      other.find(keyId, 'customer', 'ENCRYPTION'),
    ])
    expect([wrong.status, right.status]).toEqual(['rejected', 'fulfilled'])
  })

  it('are unwrapped again after an idle time, and after their lifetime though in use', async () => {
    const { kms, clock, keyrings } = await warmKeys()
    clock.time += 59_999
    await keyrings.ready(['customer'])
    expect(kms.unwrapped).toBe(0)
    clock.time += 60_000
    await keyrings.ready(['customer'])
    expect(kms.unwrapped).toBe(2)
    const end = clock.time + lifetimeMs
    for (; clock.time < end; clock.time += 20_000) await keyrings.ready(['customer'])
    expect(kms.unwrapped).toBe(2)
    await keyrings.ready(['customer'])
    expect(kms.unwrapped).toBe(4)
  })

  it('serve a request to its end that found them fresh, and no longer', async () => {
    const { clock, keyrings } = await warmKeys()
    clock.time += lifetimeMs
    expect(keyrings.active('customer', 'ENCRYPTION').keyring).toBe('customer')
    clock.time += 10_000
    expect(() => keyrings.active('customer', 'ENCRYPTION')).toThrow(KmsUnavailable)
  })

  it('are all gone after a sweep of an idle process', async () => {
    const { clock, keyrings, keyId, kms } = await warmKeys()
    clock.time += lifetimeMs + 10_000
    keyrings.sweep()
    clock.time -= lifetimeMs
    expect(() => keyrings.active('customer', 'ENCRYPTION')).toThrow(KmsUnavailable)
    await keyrings.find(keyId, 'customer', 'ENCRYPTION')
    expect(kms.unwrapped).toBe(1)
  })
})

describe('when the KMS does not answer', () => {
  it('keys in memory work until their lifetime ends, then the error is retryable', async () => {
    const { kms, clock, keyrings, keyId } = await warmKeys()
    kms.failure = 'UNAVAILABLE'
    const end = clock.time + lifetimeMs
    for (; clock.time < end; clock.time += 20_000) {
      await keyrings.ready(['customer'])
      expect(keyrings.find(keyId, 'customer', 'ENCRYPTION')).toBe(keyrings.active('customer', 'ENCRYPTION'))
    }
    await expect(keyrings.ready(['customer'])).rejects.toMatchObject({
      code: 'KMS_UNAVAILABLE',
      retryable: true,
    })
    await expect(keyrings.find(keyId, 'customer', 'ENCRYPTION')).rejects.toThrow(KmsUnavailable)
  })

  it('the next request tries again', async () => {
    const { kms, keyrings } = newKeys()
    kms.failure = 'UNAVAILABLE'
    await expect(keyrings.ready(['customer'])).rejects.toThrow(KmsUnavailable)
    kms.failure = undefined
    await keyrings.ready(['customer'])
    expect(keyrings.active('customer', 'INDEX').purpose).toBe('INDEX')
  })
})

describe('a rotation by another process', () => {
  async function rotate(keys: Awaited<ReturnType<typeof warmKeys>>): Promise<string> {
    keys.store.setState(keys.keyId, 'RETIRED')
    const other = createKeyrings(keys.options)
    await other.ready(['customer'])
    return other.active('customer', 'ENCRYPTION').id
  }

  it('is noticed within the time that it may take, and the old key still opens', async () => {
    const keys = await warmKeys()
    const newId = await rotate(keys)
    await keys.keyrings.ready(['customer'])
    expect(keys.keyrings.active('customer', 'ENCRYPTION').id).toBe(keys.keyId)
    keys.clock.time += 30_000
    await keys.keyrings.ready(['customer'])
    expect(keys.keyrings.active('customer', 'ENCRYPTION').id).toBe(newId)
    expect(await keys.keyrings.find(keys.keyId, 'customer', 'ENCRYPTION')).toMatchObject({ id: keys.keyId })
  })

  it('is noticed at once when the key is invalidated', async () => {
    const keys = await warmKeys()
    const newId = await rotate(keys)
    keys.keyrings.invalidate(keys.keyId)
    await keys.keyrings.ready(['customer'])
    expect(keys.keyrings.active('customer', 'ENCRYPTION').id).toBe(newId)
  })

  it('costs no KMS call when the active key is still the same', async () => {
    const { kms, clock, keyrings } = await warmKeys()
    clock.time += 30_000
    await keyrings.ready(['customer'])
    expect([kms.generated, kms.unwrapped]).toEqual([2, 0])
  })
})

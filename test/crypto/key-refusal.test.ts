import { describe, expect, it } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import type { DataKeyState } from '../../src/crypto/data-key.ts'
import { createKeyrings, type Keyrings } from '../../src/crypto/keyring.ts'
import { KmsUnavailable, OpenFailed } from '../../src/errors.ts'
import { newKeys } from './memory-keys.ts'

/** A key that was used before, and a process that has not seen it. */
async function coldKeys() {
  const keys = newKeys()
  const before = createKeyrings(keys.options)
  await before.ready(['customer'])
  keys.operations.length = 0
  const keyId = before.active('customer', 'ENCRYPTION').id
  const context = { keyId, keyring: 'customer', purpose: 'ENCRYPTION' } as const
  return { ...keys, keyId, context }
}

async function expectRefused(keyrings: Keyrings, keyId: string, keyring = 'customer'): Promise<void> {
  await expect(Promise.resolve(keyrings.find(keyId, keyring, 'ENCRYPTION'))).rejects.toThrow(OpenFailed)
}

describe('a key’s state', () => {
  it.each<DataKeyState>(['PENDING', 'ACTIVE', 'RETIRED'])('opens when it is %s', async (state) => {
    const { store, keyrings, keyId, context, operations } = await coldKeys()
    store.setState(keyId, state)
    expect(await keyrings.find(keyId, 'customer', 'ENCRYPTION')).toMatchObject({ id: keyId })
    expect(operations).toEqual([{ operation: 'UNWRAP', ...context }])
  })

  it.each<DataKeyState>(['DISABLED', 'DESTROYED'])(
    'does not open when it is %s; the KMS is not asked',
    async (state) => {
      const { store, kms, keyrings, keyId, context, operations } = await coldKeys()
      store.setState(keyId, state)
      await expectRefused(keyrings, keyId)
      expect(kms.unwrapped).toBe(0)
      expect(operations).toEqual([{ operation: 'REFUSED', ...context, reason: 'STATE' }])
    },
  )

  it.each<DataKeyState>(['PENDING', 'RETIRED', 'DISABLED', 'DESTROYED'])(
    'never seals when it is %s',
    async (state) => {
      const { store, keyrings, keyId } = await coldKeys()
      const key = store.keys.get(keyId)!
      store.findActive = (_keyring, purpose) => Promise.resolve({ ...key, purpose, state })
      await expect(keyrings.ready(['customer'])).rejects.toThrow(OpenFailed)
      expect(() => keyrings.active('customer', 'ENCRYPTION')).toThrow(KmsUnavailable)
    },
  )

  it('counts at once after an invalidation, and for all keys after invalidateAll', async () => {
    const { store, keyrings, keyId } = await coldKeys()
    await keyrings.ready(['customer'])
    store.setState(keyId, 'DISABLED')
    keyrings.invalidate(keyId)
    expect(() => keyrings.active('customer', 'ENCRYPTION')).toThrow(KmsUnavailable)
    expect(keyrings.active('customer', 'INDEX').purpose).toBe('INDEX')
    await expectRefused(keyrings, keyId)
    keyrings.invalidateAll()
    expect(() => keyrings.active('customer', 'INDEX')).toThrow(KmsUnavailable)
  })
})

describe('a refusal', () => {
  it('meets a key that nobody has', async () => {
    const { keyrings, context, operations } = await coldKeys()
    const keyId = uuidv7()
    await expectRefused(keyrings, keyId)
    expect(operations).toEqual([{ operation: 'REFUSED', ...context, keyId, reason: 'UNKNOWN' }])
  })

  it.each(['cold', 'in memory'])('meets another purpose or keyring, while the key is %s', async (warmth) => {
    const { kms, keyrings, keyId, context, operations } = await coldKeys()
    if (warmth === 'in memory') await keyrings.find(keyId, 'customer', 'ENCRYPTION')
    const unwrapped = kms.unwrapped
    operations.length = 0
    await expect(Promise.resolve(keyrings.find(keyId, 'customer', 'INDEX'))).rejects.toThrow(OpenFailed)
    await expectRefused(keyrings, keyId, 'gateway')
    expect(kms.unwrapped).toBe(unwrapped)
    expect(operations).toEqual([
      { operation: 'REFUSED', ...context, purpose: 'INDEX', reason: 'PURPOSE' },
      { operation: 'REFUSED', ...context, keyring: 'gateway', reason: 'PURPOSE' },
    ])
  })

  it('meets a key that the KMS refuses', async () => {
    const { kms, keyrings, keyId, context, operations } = await coldKeys()
    kms.failure = 'REFUSED'
    await expectRefused(keyrings, keyId)
    expect(operations).toEqual([{ operation: 'REFUSED', ...context, reason: 'KMS' }])
  })

  it('meets a stored key whose keyring was changed in the database', async () => {
    const { store, keyrings, keyId } = await coldKeys()
    store.keys.set(keyId, { ...store.keys.get(keyId)!, keyring: 'gateway' })
    await expectRefused(keyrings, keyId, 'gateway')
  })

  it('is nothing that a key survives when the audit did not take its unwrapping', async () => {
    const { options, keyId, kms } = await coldKeys()
    const unheard = createKeyrings({
      ...options,
      onKeyOperation: () => Promise.reject(new Error('audit is down')),
    })
    await expect(unheard.find(keyId, 'customer', 'ENCRYPTION')).rejects.toThrow('audit is down')
    expect(kms.given.every((raw) => raw.equals(Buffer.alloc(32)))).toBe(true)
    await expect(unheard.find(keyId, 'customer', 'ENCRYPTION')).rejects.toThrow('audit is down')
  })
})

describe('an invalidation while a key is on its way', () => {
  it('keeps that key out of memory', async () => {
    const { store, kms, keyrings, keyId } = await coldKeys()
    const gate = Promise.withResolvers<undefined>()
    kms.gate = gate.promise
    const under = keyrings.find(keyId, 'customer', 'ENCRYPTION')
    await new Promise(setImmediate)
    store.setState(keyId, 'DESTROYED')
    keyrings.invalidate(keyId)
    gate.resolve(undefined)
    await under
    await expectRefused(keyrings, keyId)
  })

  it('makes a request that waits for the active key read it again', async () => {
    const { store, kms, keyrings, keyId } = await coldKeys()
    const gate = Promise.withResolvers<undefined>()
    kms.gate = gate.promise
    const under = keyrings.ready(['customer'])
    await new Promise(setImmediate)
    store.setState(keyId, 'RETIRED')
    keyrings.invalidate(keyId)
    gate.resolve(undefined)
    await under
    expect(keyrings.active('customer', 'ENCRYPTION').id).not.toBe(keyId)
  })
})

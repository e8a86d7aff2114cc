import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { DataKeyStore, StoredDataKey } from '../../src/crypto/data-key.ts'
import { createPlainDatabase, type PlainDatabase } from '../../src/storage/client.ts'
import { createDataKeyStore } from '../../src/storage/data-keys.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

let server: TestDatabase
let database: PlainDatabase
let store: DataKeyStore
beforeAll(async () => {
  server = await freshDatabase()
  database = createPlainDatabase({ url: server.url, poolSize: 5 })
  store = createDataKeyStore(database)
})
afterAll(async () => {
  await database.$disconnect()
  await server.close()
})

function newKey(keyring: string, other: Partial<StoredDataKey> = {}): StoredDataKey {
  const wrapped = { provider: 'local', keyReference: 'k', bytes: new Uint8Array(randomBytes(60)) }
  return { id: uuidv7(), keyring, purpose: 'ENCRYPTION', state: 'ACTIVE', wrapped, ...other }
}

describe('the store of data keys', () => {
  it('finds a key again by id and as the active one of its keyring and purpose, byte for byte', async () => {
    const key = newKey('a')
    expect(await store.insertActive(key)).toBe('INSERTED')
    expect(await store.find(key.id)).toEqual(key)
    expect(await store.findActive('a', 'ENCRYPTION')).toEqual(key)
    expect(await store.findActive('a', 'INDEX')).toBeNull()
    expect(await store.findActive('b', 'ENCRYPTION')).toBeNull()
    expect(await store.find(uuidv7())).toBeNull()
  })

  it('lets one of twenty processes make the first key, and tells the others', async () => {
    const keys = Array.from({ length: 20 }, () => newKey('race'))
    const answers = await Promise.all(keys.map((key) => store.insertActive(key)))
    expect(answers.filter((answer) => answer === 'INSERTED')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'LOST_RACE')).toHaveLength(19)
    expect(await store.findActive('race', 'ENCRYPTION')).toEqual(keys[answers.indexOf('INSERTED')])
  })

  it('keeps an index key beside the encryption key of one keyring', async () => {
    expect(await store.insertActive(newKey('both'))).toBe('INSERTED')
    expect(await store.insertActive(newKey('both', { purpose: 'INDEX' }))).toBe('INSERTED')
  })

  it('does not take another failure for a lost race', async () => {
    await expect(store.insertActive(newKey('bad', { id: 'no uuid' }))).rejects.toThrow(Error)
  })
})

import { expect, it } from '@jest/globals'
import { v7 as uuidv7 } from 'uuid'
import { type KeyContext, type Kms, KmsRefused, type WrappedKey } from '../../src/kms/kms.ts'

function newContext(): KeyContext {
  return { keyring: 'customer', keyId: uuidv7(), purpose: 'ENCRYPTION' }
}

async function expectRefused(kms: Kms, wrapped: WrappedKey, context: KeyContext): Promise<void> {
  await expect(kms.unwrapDataKey(wrapped, context)).rejects.toBeInstanceOf(KmsRefused)
}

/**
 * The promises of the KMS port, which every adapter keeps. `connect` makes a new client of one and the
 * same KMS at each call.
 */
export function itKeepsTheKmsContract(connect: () => Promise<Kms>): void {
  itWrapsAndUnwraps(connect)
  itRefusesOtherContexts(connect)
  itRefusesAlteredKeys(connect)
}

function itWrapsAndUnwraps(connect: () => Promise<Kms>): void {
  it('makes a data key of 32 fresh bytes at each call', async () => {
    const kms = await connect()
    const context = newContext()
    const keys = await Promise.all([1, 2, 3].map(() => kms.generateDataKey(context)))
    expect(keys.map(({ plaintext }) => plaintext.length)).toEqual([32, 32, 32])
    expect(new Set(keys.map(({ plaintext }) => plaintext.toString('hex'))).size).toBe(3)
    expect(new Set(keys.map(({ wrapped }) => Buffer.from(wrapped.bytes).toString('hex'))).size).toBe(3)
  })

  it('unwraps a key in its own context, as often as asked', async () => {
    const kms = await connect()
    const context = newContext()
    const { plaintext, wrapped } = await kms.generateDataKey(context)
    expect((await kms.unwrapDataKey(wrapped, context)).equals(plaintext)).toBe(true)
    expect((await kms.unwrapDataKey(wrapped, { ...context })).equals(plaintext)).toBe(true)
  })

  it('unwraps what another client of the same KMS wrapped', async () => {
    const context = newContext()
    const { plaintext, wrapped } = await (await connect()).generateDataKey(context)
    const other = await connect()
    expect((await other.unwrapDataKey(wrapped, context)).equals(plaintext)).toBe(true)
  })

  it('gives buffers that the caller may zero', async () => {
    const kms = await connect()
    const context = newContext()
    const { plaintext, wrapped } = await kms.generateDataKey(context)
    const copy = Buffer.from(plaintext)
    plaintext.fill(0)
    const first = await kms.unwrapDataKey(wrapped, context)
    expect(first.equals(copy)).toBe(true)
    first.fill(0)
    expect((await kms.unwrapDataKey(wrapped, context)).equals(copy)).toBe(true)
  })

  it('hands out no plaintext among the wrapped bytes', async () => {
    const { plaintext, wrapped } = await (await connect()).generateDataKey(newContext())
    expect(Buffer.from(wrapped.bytes).includes(plaintext)).toBe(false)
  })
}

function itRefusesOtherContexts(connect: () => Promise<Kms>): void {
  const others: Readonly<Record<string, (context: KeyContext) => KeyContext>> = {
    'another keyring': (context) => ({ ...context, keyring: 'gateway' }),
    'another key id': (context) => ({ ...context, keyId: uuidv7() }),
    'another purpose': (context) => ({ ...context, purpose: 'INDEX' }),
    'a part moved over to its neighbour': ({ keyring, keyId, purpose }) => ({
      keyring: keyring + keyId.slice(0, 1),
      keyId: keyId.slice(1),
      purpose,
    }),
  }
  it.each(Object.entries(others))('refuses to unwrap in %s', async (_name, change) => {
    const kms = await connect()
    const context = newContext()
    const { wrapped } = await kms.generateDataKey(context)
    await expectRefused(kms, wrapped, change(context))
  })
}

function itRefusesAlteredKeys(connect: () => Promise<Kms>): void {
  it('refuses wrapped bytes with any one bit changed, cut or lengthened', async () => {
    const kms = await connect()
    const context = newContext()
    const { wrapped } = await kms.generateDataKey(context)
    const altered = [...wrapped.bytes.keys()].map((at) =>
      wrapped.bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)),
    )
    const cut = [wrapped.bytes.subarray(1), wrapped.bytes.subarray(0, -1), new Uint8Array()]
    for (const bytes of [...altered, ...cut, Buffer.concat([wrapped.bytes, Buffer.of(0)])]) {
      await expectRefused(kms, { ...wrapped, bytes }, context)
    }
  })

  it('refuses a key that names another provider or another key-encryption key', async () => {
    const kms = await connect()
    const context = newContext()
    const { wrapped } = await kms.generateDataKey(context)
    await expectRefused(kms, { ...wrapped, provider: 'another' }, context)
    await expectRefused(kms, { ...wrapped, keyReference: uuidv7() }, context)
  })
}

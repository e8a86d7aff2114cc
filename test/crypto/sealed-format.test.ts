import { beforeAll, describe, expect, it } from '@jest/globals'
import { importKey, sealBytes } from '../../src/crypto/aes-gcm.ts'
import { createFieldCipher, type FieldCipher } from '../../src/crypto/field-cipher.ts'
import type { FieldSpec, Normalizer, SealedType } from '../../src/crypto/field-spec.ts'
import type { Keyrings } from '../../src/crypto/keyring.ts'
import { formatSealedText } from '../../src/crypto/sealed-text.ts'
import { encodeValue } from '../../src/crypto/value-codec.ts'
import frozen from '../vectors/sealed-s1.json' with { type: 'json' }
import { keyringsWith } from './memory-keys.ts'

const { keyring, encryptionKey, indexKey } = frozen
let keyrings: Keyrings
let cipher: FieldCipher

beforeAll(async () => {
  keyrings = await keyringsWith(keyring, {
    ENCRYPTION: { id: encryptionKey.id, raw: Buffer.from(encryptionKey.rawHex, 'hex') },
    INDEX: { id: indexKey.id, raw: Buffer.from(indexKey.rawHex, 'hex') },
  })
  cipher = createFieldCipher(keyrings)
})

function specOf(vector: { type: string; model: string; field: string; values?: string[] }): FieldSpec {
  const { model, field, values } = vector
  const type = vector.type as SealedType
  return { model, field, keyring, type, ...(values === undefined ? {} : { values }) }
}

function valueOf(vector: { type: string; value: unknown }): unknown {
  if (vector.type === 'Bytes') return new Uint8Array(Buffer.from(String(vector.value), 'hex'))
  if (vector.type === 'BigInt') return BigInt(String(vector.value))
  if (vector.type === 'DateTime') return new Date(String(vector.value))
  return vector.value
}

describe('the frozen sealed format s1', () => {
  it('covers every type', () => {
    const types = ['BigInt', 'Boolean', 'Bytes', 'DateTime', 'Decimal', 'Enum', 'Int', 'Json', 'String']
    expect([...new Set(frozen.sealed.map(({ type }) => type))].sort()).toEqual(types)
  })

  it.each(frozen.sealed)('opens $model.$field of type $type', (vector) => {
    expect(cipher.open(specOf(vector), vector.rowId, vector.text)).toEqual(valueOf(vector))
  })

  it.each(frozen.sealed)('seals $model.$field of type $type to the same text', (vector) => {
    const plaintext = encodeValue(specOf(vector), valueOf(vector))
    expect(plaintext.toString('hex')).toBe(vector.plaintextHex)
    const key = importKey(Buffer.from(encryptionKey.rawHex, 'hex'))
    const nonce = Buffer.from(vector.nonceHex, 'hex')
    const sealed = sealBytes(key, nonce, Buffer.from(vector.additionalData), plaintext)
    expect(formatSealedText(encryptionKey.id, sealed)).toBe(vector.text)
  })
})

describe('the frozen blind index b1', () => {
  it.each(frozen.index)('hashes $model.$field, normalised by $normalize', (vector) => {
    const normalize = vector.normalize as Normalizer
    const spec = { ...specOf(vector), index: { column: `${vector.field}Index`, normalize } }
    expect(cipher.index(spec, vector.value)).toBe(vector.text)
  })
})

describe('the frozen digest d1', () => {
  it.each(frozen.digest)('hashes $parts', ({ label, parts, text }) => {
    expect(keyrings.digest(keyring, label, parts)).toBe(text)
  })
})

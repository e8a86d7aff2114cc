/**
 * Seals and opens one field of 32 bytes.
 *
 * Baseline: the fewest node:crypto calls that turn a text into a text that a column can hold and back: AES-256-GCM
 * under a `KeyObject`, a nonce from a pool, constant additional data, base64url. It names no key, binds nothing to
 * its cell and checks nothing but the tag.
 * Ours: `FieldCipher.seal` and `open` with all that they check: the row's id, the form of the text, the key's state.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, randomFillSync } from 'node:crypto'
import type { FieldSpec } from '../../src/crypto/field-spec.ts'
import { createKeys } from './keys.ts'
import { measureInTurn, timeCalls, type Effort } from './measure.ts'
import { atMost, type Row } from './table.ts'

const SPEC: FieldSpec = { model: 'Customer', field: 'email', keyring: 'customer', type: 'String' }
const ROW_ID = '0197a8c2-5c1e-7a30-9d52-1f0c6a7b8e90'
const VALUE = 'ada.lovelace@mail.example.com 42'
const NONCES = 1024
/** A sample takes a millisecond, which hardly another process cuts in two; the median needs many of them. */
const CALLS = 200
const SAMPLES_A_ROUND = 40
const OPTIONS = { authTagLength: 16 }

function createCipherByHand() {
  const key = createSecretKey(randomBytes(32))
  const additionalData = Buffer.from('Customer.email')
  const pool = Buffer.alloc(12 * NONCES)
  let used = NONCES
  const nextNonce = () => {
    if (used === NONCES) {
      randomFillSync(pool)
      used = 0
    }
    used += 1
    return pool.subarray((used - 1) * 12, used * 12)
  }
  return {
    seal(text: string): string {
      const nonce = nextNonce()
      const cipher = createCipheriv('aes-256-gcm', key, nonce, OPTIONS).setAAD(additionalData)
      const ciphertext = cipher.update(text, 'utf8')
      cipher.final()
      return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64url')
    },
    open(text: string): string {
      const sealed = Buffer.from(text, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), OPTIONS)
      decipher.setAAD(additionalData).setAuthTag(sealed.subarray(-16))
      const plaintext = decipher.update(sealed.subarray(12, -16))
      decipher.final()
      return plaintext.toString('utf8')
    },
  }
}

export async function benchSealField({ rounds }: Effort): Promise<Row[]> {
  const cipher = (await createKeys()).openCipher()
  await cipher.ready([SPEC.keyring])
  const byHand = createCipherByHand()
  const sealed = cipher.seal(SPEC, ROW_ID, VALUE)
  const sealedByHand = byHand.seal(VALUE)
  const taken = await measureInTurn(rounds * SAMPLES_A_ROUND, {
    sealByHand: timeCalls(CALLS, () => byHand.seal(VALUE)),
    seal: timeCalls(CALLS, () => cipher.seal(SPEC, ROW_ID, VALUE)),
    openByHand: timeCalls(CALLS, () => byHand.open(sealedByHand)),
    open: timeCalls(CALLS, () => cipher.open(SPEC, ROW_ID, sealed)),
  })
  const shared = { against: 'node:crypto by hand', unit: 'us', limitOf: 'RATIO', limit: atMost(1.2) } as const
  return [
    { what: 'seal a 32-byte field', baseline: taken.sealByHand, ours: taken.seal, ...shared },
    { what: 'open a 32-byte field', baseline: taken.openByHand, ours: taken.open, ...shared },
  ]
}

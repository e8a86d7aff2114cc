import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { SIGNATURE_ALGORITHMS } from '../../src/auth/key-set.ts'
import { verifySignature } from '../../src/auth/verify-signature.ts'
import { startKeys } from './fictional-issuer.ts'

interface Example {
  readonly source: string
  readonly key: object
  readonly token: string
  readonly payload?: string
  readonly refused?: string
}

const examples = JSON.parse(
  readFileSync(new URL('../vectors/json_web_rfc_examples.json', import.meta.url), 'utf8'),
) as readonly Example[]

async function verify({ key, token }: Example) {
  const keys = await startKeys(() => Buffer.from(JSON.stringify({ keys: [key] })))
  return verifySignature(token, keys, SIGNATURE_ALGORITHMS)
}

describe('the examples of the RFCs', () => {
  it.each(examples.filter((example) => example.refused === undefined))(
    'verifies $source',
    async (example) => {
      const { payload } = await verify(example)
      expect(payload.toString()).toBe(example.payload)
    },
  )

  it.each(examples.filter((example) => example.refused !== undefined))('$source', async (example) => {
    await expect(verify(example)).rejects.toMatchObject({ code: example.refused })
  })
})

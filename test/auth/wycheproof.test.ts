import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { SIGNATURE_ALGORITHMS } from '../../src/auth/key-set.ts'
import { KeySetFault, TokenRefused } from '../../src/auth/refusals.ts'
import { verifySignature } from '../../src/auth/verify-signature.ts'
import { startKeys } from './fictional-issuer.ts'

interface Jwk {
  readonly alg?: string
}
interface Group {
  readonly comment: string
  readonly public?: Jwk | { readonly keys: readonly Jwk[] }
  readonly private: Jwk | { readonly keys: readonly Jwk[] }
  readonly tests: readonly {
    readonly tcId: number
    readonly comment: string
    readonly jws: string | object
    readonly result: 'valid' | 'invalid'
  }[]
}

function readVectors(name: string) {
  const url = new URL(`../vectors/${name}`, import.meta.url)
  const { testGroups } = JSON.parse(readFileSync(url, 'utf8')) as { testGroups: readonly Group[] }
  return testGroups.flatMap((group) => {
    const published = group.public ?? group.private
    const keys = 'keys' in published ? published.keys : [published]
    return group.tests.map((test) => ({
      ...test,
      title: `${test.tcId} ${group.comment}: ${test.comment}`,
      keys,
      jws: typeof test.jws === 'string' ? test.jws : JSON.stringify(test.jws),
    }))
  })
}

type Vector = ReturnType<typeof readVectors>[number]

/** What the server does with a vector: its keys are loaded as an issuer's key set, then the token is verified. */
async function accepts(vector: Vector): Promise<boolean> {
  try {
    const keys = await startKeys(() => Buffer.from(JSON.stringify({ keys: vector.keys })))
    await verifySignature(vector.jws, keys, SIGNATURE_ALGORITHMS)
    return true
  } catch (error) {
    if (error instanceof TokenRefused || error instanceof KeySetFault) return false
    throw error
  }
}

/** Of our profile: three segments with something in each, and an algorithm of ours that the key names too. */
function isOfOurProfile({ jws, keys }: Vector): boolean {
  const segments = jws.split('.')
  if (segments.length !== 3 || segments.includes('')) return false
  const { alg } = JSON.parse(Buffer.from(segments[0]!, 'base64url').toString()) as { alg: string }
  return SIGNATURE_ALGORITHMS.some((known) => known === alg) && keys.every((key) => key.alg === alg)
}

const signatures = readVectors('json_web_signature_test.json')
const keySets = readVectors('json_web_key_test.json')

describe.each([
  ['signature', signatures, 401, 14],
  ['key', keySets, 26, 1],
])('every %s vector of Wycheproof', (_kind, vectors, total, ofOurProfile) => {
  const valid = vectors.filter((vector) => vector.result === 'valid')

  it('is here', () => {
    expect([vectors.length, valid.filter(isOfOurProfile).length]).toEqual([total, ofOurProfile])
  })

  it('that is invalid is refused', async () => {
    const accepted: string[] = []
    for (const vector of vectors) {
      if (vector.result === 'invalid' && (await accepts(vector))) accepted.push(vector.title)
    }
    expect(accepted).toEqual([])
  })

  it('that is valid is accepted when it is of our profile, and refused by its shape when it is not', async () => {
    const wrong: string[] = []
    for (const vector of valid) {
      if ((await accepts(vector)) !== isOfOurProfile(vector)) wrong.push(vector.title)
    }
    expect(wrong).toEqual([])
  })
})

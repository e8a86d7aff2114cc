import { describe, expect, it } from '@jest/globals'
import { SIGNATURE_ALGORITHMS } from '../../src/auth/key-set.ts'
import { createKeySource, type KeySourceOptions } from '../../src/auth/key-source.ts'
import { KeySetFault } from '../../src/auth/refusals.ts'
import {
  authenticatorFor,
  createKey,
  keySetOf,
  outcome,
  signToken,
  type SigningKey,
} from './fictional-issuer.ts'

const old = createKey('EdDSA', 'old')
const fresh = createKey('EdDSA', 'fresh')
const bearer = (token: string) => `Bearer ${token}`

/** An issuer whose key set a test can change, break and count the loads of. */
function createEndpoint(options: Partial<KeySourceOptions> = {}) {
  const endpoint = {
    clock: 0,
    loads: 0,
    published: [old] as readonly SigningKey[],
    broken: false,
    faults: [] as string[],
    load: async () => {
      endpoint.loads += 1
      await Promise.resolve()
      if (endpoint.broken) throw new Error('connect ECONNREFUSED')
      return keySetOf(...endpoint.published)
    },
  }
  const keys = createKeySource({
    load: endpoint.load,
    algorithms: SIGNATURE_ALGORITHMS,
    now: () => endpoint.clock,
    maxAgeMs: 10_000,
    maxStaleMs: 50_000,
    cooldownMs: 1000,
    onFault: (fault) => endpoint.faults.push(fault.code),
    ...options,
  })
  return { endpoint, keys }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('the issuer publishes a new key', () => {
  it('and it is picked up when a token names it', async () => {
    const { endpoint, keys } = createEndpoint()
    await keys.start()
    const authenticator = await authenticatorFor([], { keys })
    endpoint.published = [old, fresh]
    endpoint.clock = 1000
    expect(await outcome(authenticator, bearer(signToken(fresh)))).toMatchObject({ id: 'user-1' })
    expect(endpoint.loads).toBe(2)
  })

  it('and not before the cooldown has passed', async () => {
    const { endpoint, keys } = createEndpoint()
    await keys.start()
    const authenticator = await authenticatorFor([], { keys })
    endpoint.published = [old, fresh]
    endpoint.clock = 999
    expect(await outcome(authenticator, bearer(signToken(fresh)))).toBe('UNKNOWN_KEY')
    expect(endpoint.loads).toBe(1)
  })

  it('and the old one stops verifying once the set is old, without a token that names another', async () => {
    const { endpoint, keys } = createEndpoint()
    await keys.start()
    const authenticator = await authenticatorFor([], { keys })
    const header = bearer(signToken(old))
    await authenticator.authenticate(header)
    endpoint.published = [fresh]
    endpoint.clock = 10_000
    expect(authenticator.authenticate(header)).not.toBeInstanceOf(Promise)
    await settled()
    expect(await outcome(authenticator, header)).toBe('UNKNOWN_KEY')
  })
})

describe('a storm of tokens with made-up keys', () => {
  it('makes one load in each cooldown', async () => {
    const { endpoint, keys } = createEndpoint()
    await keys.start()
    const authenticator = await authenticatorFor([], { keys })
    const storm = (wave: number) =>
      Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          outcome(authenticator, bearer(signToken(fresh, {}, { kid: `made-up-${wave}-${i}` }))),
        ),
      )
    for (const wave of [1, 2, 3]) {
      endpoint.clock = wave * 1000
      expect(new Set(await storm(wave))).toEqual(new Set(['UNKNOWN_KEY']))
      expect(new Set(await storm(wave))).toEqual(new Set(['UNKNOWN_KEY']))
      expect(endpoint.loads).toBe(1 + wave)
    }
  })

  it('makes no more loads while the issuer is down', async () => {
    const { endpoint, keys } = createEndpoint()
    endpoint.broken = true
    const authenticator = await authenticatorFor([], { keys })
    const token = bearer(signToken(old))
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(authenticator, token)))
    expect(new Set(outcomes)).toEqual(new Set(['NO_KEYS']))
    expect(await outcome(authenticator, token)).toBe('NO_KEYS')
    expect([endpoint.loads, endpoint.faults]).toEqual([1, ['UNREACHABLE']])
  })
})

describe('the key set cannot be loaded', () => {
  it('at the start: the start fails, and says how', async () => {
    const { endpoint, keys } = createEndpoint()
    endpoint.broken = true
    await expect(keys.start()).rejects.toThrow(KeySetFault)
    expect(keys.current()).toBeNull()
  })

  it('and is loaded by the first token after it is back', async () => {
    const { endpoint, keys } = createEndpoint()
    endpoint.broken = true
    const authenticator = await authenticatorFor([], { keys })
    expect(await outcome(authenticator, bearer(signToken(old)))).toBe('NO_KEYS')
    endpoint.broken = false
    endpoint.clock = 1000
    expect(await outcome(authenticator, bearer(signToken(old)))).toMatchObject({ id: 'user-1' })
  })

  it('later: the keys at hand serve for a while, and then nobody is let in', async () => {
    const { endpoint, keys } = createEndpoint()
    await keys.start()
    const authenticator = await authenticatorFor([], { keys })
    const header = bearer(signToken(old))
    await authenticator.authenticate(header)
    endpoint.broken = true
    endpoint.clock = 59_999
    expect(await outcome(authenticator, header)).toMatchObject({ id: 'user-1' })
    await settled()
    endpoint.clock = 60_000
    expect(await outcome(authenticator, header)).toBe('NO_KEYS')
  })

  it.each([
    ['a private key', { ...old.publicJwk, d: 'AAAA' }, 'PRIVATE_KEY'],
    ['a weak key', { kty: 'RSA', kid: 'weak', alg: 'RS256', n: 'AAAB', e: 'AQAB' }, 'WEAK_KEY'],
  ])(
    'because it now holds %s: the keys at hand serve on, and the fault is told',
    async (_what, jwk, code) => {
      const { endpoint, keys } = createEndpoint()
      await keys.start()
      endpoint.published = [{ ...fresh, publicJwk: jwk }]
      endpoint.clock = 1000
      const set = await keys.refresh()
      expect([...(set?.byKeyId.keys() ?? [])]).toEqual(['old'])
      expect(endpoint.faults).toEqual([code])
    },
  )
})

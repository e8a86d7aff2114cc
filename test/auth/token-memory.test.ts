import { describe, expect, it } from '@jest/globals'
import { Unauthenticated } from '../../src/errors.ts'
import {
  authenticatorFor,
  createKey,
  keySetOf,
  NOW,
  outcome,
  signToken,
  startKeys,
} from './fictional-issuer.ts'

const first = createKey('ES256', 'first')
const second = createKey('ES256', 'second')
const bearer = (token: string) => `Bearer ${token}`

describe('a token that was verified before', () => {
  it('is answered at once, with the same principal', async () => {
    const authenticator = await authenticatorFor([first])
    const header = bearer(signToken(first))
    const principal = await authenticator.authenticate(header)
    expect(authenticator.authenticate(header)).toBe(principal)
  })

  it('expires all the same', async () => {
    let now = NOW
    const authenticator = await authenticatorFor([first], { now: () => now * 1000 })
    const header = bearer(signToken(first, { exp: NOW + 10 }))
    await authenticator.authenticate(header)
    now = NOW + 14
    expect(await outcome(authenticator, header)).toMatchObject({ id: 'user-1' })
    now = NOW + 15
    expect(() => authenticator.authenticate(header)).toThrow(Unauthenticated)
  })

  it('is not valid yet when the clock is set back', async () => {
    let now = NOW
    const authenticator = await authenticatorFor([first], { now: () => now * 1000 })
    const header = bearer(signToken(first, { nbf: NOW }))
    await authenticator.authenticate(header)
    now = NOW - 60
    expect(await outcome(authenticator, header)).toBe('NOT_YET_VALID')
  })

  it('is refused once its key has left the key set', async () => {
    let clock = 0
    let published = [first, second]
    const keys = await startKeys(() => keySetOf(...published), { now: () => clock, maxAgeMs: 1000 })
    const authenticator = await authenticatorFor([], { keys })
    const [gone, kept] = [bearer(signToken(first)), bearer(signToken(second))]
    await authenticator.authenticate(gone)
    await authenticator.authenticate(kept)
    published = [second]
    clock = 60_000
    await keys.refresh()
    expect(await outcome(authenticator, gone)).toBe('UNKNOWN_KEY')
    expect(authenticator.authenticate(kept)).not.toBeInstanceOf(Promise)
  })

  it('is refused once another key has taken the name of its key', async () => {
    let clock = 0
    let published = first
    const keys = await startKeys(() => keySetOf(published), { now: () => clock })
    const authenticator = await authenticatorFor([], { keys })
    const header = bearer(signToken(first))
    await authenticator.authenticate(header)
    published = createKey('ES256', 'first')
    clock = 60_000
    await keys.refresh()
    expect(await outcome(authenticator, header)).toBe('SIGNATURE')
  })

  it('is forgotten when many others came after it, and verified again', async () => {
    const authenticator = await authenticatorFor([first], { cacheSize: 2 })
    const headers = ['a', 'b', 'c'].map((sub) => bearer(signToken(first, { sub })))
    for (const header of headers) await authenticator.authenticate(header)
    expect(authenticator.authenticate(headers[2])).not.toBeInstanceOf(Promise)
    expect(await authenticator.authenticate(headers[0])).toMatchObject({ id: 'a' })
  })

  it('is never one that was refused', async () => {
    const authenticator = await authenticatorFor([first])
    const header = bearer(signToken(second, {}, { kid: 'first' }))
    expect(await outcome(authenticator, header)).toBe('SIGNATURE')
    expect(await outcome(authenticator, header)).toBe('SIGNATURE')
  })
})

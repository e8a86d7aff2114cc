import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createAuthenticator } from '../../src/auth/authenticator.ts'
import { demoIdentities } from '../../src/auth/demo-identities.ts'
import { createDevIssuer, type DevIssuer } from '../../src/auth/dev-issuer.ts'
import { fromFile } from '../../src/auth/key-loaders.ts'
import { createKeySource } from '../../src/auth/key-source.ts'
import { ROLES } from '../../src/domain/principal.ts'
import { NOW, outcome } from './fictional-issuer.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'sealpay-issuer-'))))
afterEach(() => rm(directory, { recursive: true }))

const open = () => createDevIssuer({ directory: join(directory, 'issuer'), now: () => NOW * 1000 })

async function authenticatorOf({ issuer, audience, jwksFile }: DevIssuer, now = NOW) {
  const keys = createKeySource({ load: fromFile(jwksFile), algorithms: ['ES256'] })
  await keys.start()
  return createAuthenticator({
    issuer,
    audience,
    algorithms: ['ES256'],
    keys,
    rolesClaim: 'roles',
    customerClaim: 'customer_id',
    clockSkewSeconds: 0,
    typ: ['at+jwt'],
    maxLifetimeSeconds: 3600,
    now: () => now * 1000,
    cacheSize: 10,
  })
}

describe('createDevIssuer', () => {
  it.each(demoIdentities)(
    'issues a token that lets $label in as $role',
    async ({ role, subject, customerId }) => {
      const issuer = await open()
      const token = await issuer.issueToken({ subject, roles: [role], customerId })
      const principal = await outcome(await authenticatorOf(issuer), `Bearer ${token}`)
      expect(principal).toEqual({ id: subject, roles: new Set([role]), customerId: customerId ?? null })
    },
  )

  it('lets nobody in after the token has expired', async () => {
    const issuer = await open()
    const token = await issuer.issueToken({
      subject: 'demo-support',
      roles: ['SUPPORT'],
      expiresInSeconds: 60,
    })
    expect(await outcome(await authenticatorOf(issuer, NOW + 59), `Bearer ${token}`)).toMatchObject({
      id: 'demo-support',
    })
    expect(await outcome(await authenticatorOf(issuer, NOW + 60), `Bearer ${token}`)).toBe('EXPIRED')
  })

  it.each([0, -1, 1.5, Number.NaN, Infinity])('issues no token for %d seconds', async (expiresInSeconds) => {
    const issuer = await open()
    expect(() => issuer.issueToken({ subject: 'u', roles: [], expiresInSeconds })).toThrow(RangeError)
  })

  it('keeps its key, for its owner alone', async () => {
    const token = await (await open()).issueToken({ subject: 'u', roles: ['SUPPORT'] })
    expect(await outcome(await authenticatorOf(await open()), `Bearer ${token}`)).toMatchObject({ id: 'u' })
    const { mode } = await stat(join(directory, 'issuer', 'issuer-key.json'))
    expect(mode & 0o777).toBe(0o600)
  })

  it('publishes the public half alone', async () => {
    const { jwksFile } = await open()
    const { keys } = JSON.parse(await readFile(jwksFile, 'utf8')) as { keys: object[] }
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ])
  })

  it('does not use a key that others can read', async () => {
    await open()
    await chmod(join(directory, 'issuer', 'issuer-key.json'), 0o640)
    await expect(open()).rejects.toThrow(/chmod 600/)
  })

  it('ends with one key, and no leftovers, when it is first opened ten times at once', async () => {
    const issuers = await Promise.all(Array.from({ length: 10 }, open))
    const tokens = await Promise.all(
      issuers.map((issuer) => issuer.issueToken({ subject: 'u', roles: ['SUPPORT'] })),
    )
    const authenticator = await authenticatorOf(issuers[0]!)
    for (const token of tokens)
      expect(await outcome(authenticator, `Bearer ${token}`)).toMatchObject({ id: 'u' })
    expect(await readdir(join(directory, 'issuer'))).toEqual(['issuer-jwks.json', 'issuer-key.json'])
  })
})

describe('demoIdentities', () => {
  it('has one for each role, each a subject of its own', () => {
    expect(demoIdentities.map(({ role }) => role).sort()).toEqual([...ROLES].sort())
    expect(new Set(demoIdentities.map(({ subject }) => subject)).size).toBe(ROLES.length)
  })
})

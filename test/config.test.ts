import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig, VARIABLES } from '../src/config.ts'
import { ConfigFault } from '../src/errors.ts'

const development = {
  SEALPAY_MODE: 'development',
  DATABASE_URL: 'postgresql://sealpay:hunter2@127.0.0.1:5432/sealpay',
  SEALPAY_KMS: 'local',
  SEALPAY_KMS_LOCAL_KEY_FILE: '/tmp/key',
  SEALPAY_AUTH_ISSUER: 'https://issuer.example',
  SEALPAY_AUTH_AUDIENCE: 'sealpay',
  SEALPAY_AUTH_ALGORITHMS: 'ES256, EdDSA',
  SEALPAY_AUTH_JWKS_FILE: '/tmp/jwks.json',
  SEALPAY_GATEWAY: 'sandbox',
  SEALPAY_GATEWAY_SANDBOX_URL: 'http://127.0.0.1:4010',
  SEALPAY_GATEWAY_SANDBOX_SECRET: 'a'.repeat(32),
  SEALPAY_CURRENCY: 'USD',
}

function faultsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults
    throw error
  }
  return []
}

describe('the configuration', () => {
  it('lists every variable that protects and is not set, at once', () => {
    const faults = faultsOf({ SEALPAY_MODE: 'development' }).join('\n')
    for (const name of [
      'DATABASE_URL',
      'SEALPAY_KMS',
      'SEALPAY_AUTH_ISSUER',
      'SEALPAY_AUTH_AUDIENCE',
      'SEALPAY_AUTH_ALGORITHMS',
      'SEALPAY_AUTH_JWKS_URL',
      'SEALPAY_GATEWAY',
      'SEALPAY_CURRENCY',
    ]) {
      expect(faults).toContain(name)
    }
  })

  it('is production unless development is said', () => {
    expect(faultsOf({ ...development, SEALPAY_MODE: undefined })).toEqual([
      'SEALPAY_KMS is local: a key file beside the data protects nothing in production',
      'SEALPAY_GATEWAY is sandbox: it moves no money',
    ])
  })

  it.each([
    ['SEALPAY_PORT', '70000'],
    ['SEALPAY_PORT', '80.5'],
    ['SEALPAY_PORT', '0x50'],
    ['SEALPAY_CORS_ORIGINS', 'https://shop.example/,null'],
    ['SEALPAY_AUTH_ALGORITHMS', 'HS256'],
    ['SEALPAY_AUTH_ALGORITHMS', 'none'],
    ['SEALPAY_AUTH_CLOCK_SKEW_SECONDS', '61'],
    ['DATABASE_URL', 'postgrez://user:hunter2@h/x'],
    ['SEALPAY_GATEWAY_SANDBOX_SECRET', 'hunter2'],
    ['SEALPAY_INTROSPECTION', 'yes'],
    ['SEALPAY_CURRENCY', 'usd'],
    ['SEALPAY_HOST', '0.0.0.0'],
    ['SEALPAY_PROT', '4000'],
  ])('names %s when it is wrong, and does not repeat the value', (name, value) => {
    const faults = faultsOf({ ...development, [name]: value })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain(name)
    expect(faults[0]).not.toContain(value)
  })

  it('is explained in .env.example, every variable and no other', () => {
    const example = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8')
    const named = [...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(named.sort()).toEqual([...VARIABLES].sort())
  })

  it('wants one source of keys, not two', () => {
    expect(faultsOf({ ...development, SEALPAY_AUTH_JWKS_URL: 'https://issuer.example/jwks' })).toHaveLength(1)
  })

  it('refuses the Playground in production without roles, and key sets over plain HTTP', () => {
    const faults = faultsOf({
      ...development,
      SEALPAY_MODE: 'production',
      SEALPAY_PLAYGROUND: 'on',
      SEALPAY_AUTH_JWKS_FILE: undefined,
      SEALPAY_AUTH_JWKS_URL: 'http://issuer.example/jwks',
    })
    expect(faults.some((fault) => fault.startsWith('SEALPAY_PLAYGROUND_ROLES'))).toBe(true)
    expect(faults.some((fault) => fault.startsWith('SEALPAY_AUTH_JWKS_URL must be https'))).toBe(true)
  })

  it('is typed, frozen and complete for development', () => {
    const config = loadConfig(development)
    expect(config.SEALPAY_AUTH_ALGORITHMS).toEqual(['ES256', 'EdDSA'])
    expect(config.SEALPAY_PLAYGROUND).toBe(false)
    expect(config.SEALPAY_PORT).toBe(4000)
    expect(Object.isFrozen(config)).toBe(true)
  })
})

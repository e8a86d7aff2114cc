import { describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../src/main.ts')
const run = (env: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, [main], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } })

describe('the production process', () => {
  it('does not start without configuration, and lists all that is missing', () => {
    const { status, stdout, stderr } = run({})
    expect(status).toBe(3)
    expect(stdout).toBe('')
    for (const name of [
      'DATABASE_URL',
      'SEALPAY_KMS',
      'SEALPAY_AUTH_ISSUER',
      'SEALPAY_GATEWAY',
      'SEALPAY_CURRENCY',
    ]) {
      expect(stderr).toContain(`  - ${name}`)
    }
  })

  it('does not start without its key file, and says which; a password in the environment stays there', () => {
    const { status, stdout, stderr } = run({
      SEALPAY_MODE: 'development',
      DATABASE_URL: 'postgresql://sealpay:hunter2@127.0.0.1:1/sealpay',
      SEALPAY_KMS: 'local',
      SEALPAY_KMS_LOCAL_KEY_FILE: '/nonexistent/kms.json',
      SEALPAY_AUTH_ISSUER: 'https://issuer.example',
      SEALPAY_AUTH_AUDIENCE: 'sealpay',
      SEALPAY_AUTH_ALGORITHMS: 'ES256',
      SEALPAY_AUTH_JWKS_FILE: '/nonexistent/jwks.json',
      SEALPAY_GATEWAY: 'sandbox',
      SEALPAY_GATEWAY_SANDBOX_URL: 'http://127.0.0.1:1',
      SEALPAY_GATEWAY_SANDBOX_SECRET: 'x'.repeat(32),
      SEALPAY_CURRENCY: 'USD',
    })
    expect(status).toBe(3)
    expect(stderr).toContain('/nonexistent/kms.json')
    expect(stdout + stderr).not.toContain('hunter2')
  })
})

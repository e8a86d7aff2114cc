import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DEMO_CUSTOMER_ID } from '../../src/auth/demo-identities.ts'
import { toNodeId } from '../../src/graphql/node-id.ts'
import { runSealpay } from '../support/run-sealpay.ts'

let directory: string

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'token-'))
})

afterAll(async () => {
  await rm(directory, { recursive: true })
})

async function claimsOf(token: string) {
  const file = path.join(directory, 'issuer/issuer-jwks.json')
  const keys = createLocalJWKSet(JSON.parse(await readFile(file, 'utf8')) as JSONWebKeySet)
  return (await jwtVerify(token.trim(), keys)).payload
}

describe('sealpay token', () => {
  it('prints a token of the development issuer and nothing else', async () => {
    const { exitCode, stdout } = await runSealpay(['token', '--role', 'support', '--directory', directory])
    expect(exitCode).toBe(0)
    expect(await claimsOf(stdout)).toMatchObject({ sub: 'demo-support', roles: ['SUPPORT'] })
  })

  it('takes several roles, a subject, a customer by its API id and a lifetime', async () => {
    const row = '0198c0de-7a1b-7c3d-8e4f-5a6b7c8d9e0f'
    const { stdout } = await runSealpay([
      ...['token', '--role', 'CUSTOMER', '--role', 'ADMIN', '--subject', 'me'],
      ...['--customer', toNodeId('Customer', row), '--expires', '15m', '--directory', directory, '--json'],
    ])
    const { token, expiresInSeconds } = JSON.parse(stdout) as { token: string; expiresInSeconds: number }
    const claims = await claimsOf(token)
    expect(claims).toMatchObject({ sub: 'me', roles: ['CUSTOMER', 'ADMIN'], customer_id: row })
    expect([expiresInSeconds, claims.exp! - claims.iat!]).toEqual([900, 900])
  })

  it('is the demo customer for CUSTOMER alone', async () => {
    const { stdout } = await runSealpay(['token', '--role', 'CUSTOMER', '--directory', directory])
    expect(await claimsOf(stdout)).toMatchObject({ customer_id: DEMO_CUSTOMER_ID })
  })

  it('issues none in production', async () => {
    const run = await runSealpay(['token', '--role', 'ADMIN', '--directory', directory], {
      SEALPAY_MODE: 'production',
    })
    expect([run.exitCode, run.stdout]).toEqual([2, ''])
  })
})

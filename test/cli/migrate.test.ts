import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { emptyDatabase, type TestDatabase } from '../support/database.ts'
import { runSealpay } from '../support/run-sealpay.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await emptyDatabase()
})

afterAll(async () => {
  await database.close()
})

describe('sealpay migrate', () => {
  it('says what is pending, applies it, and says that it is applied', async () => {
    const variables = { DATABASE_URL: database.url }
    const before = await runSealpay(['migrate', 'status', '--json'], variables)
    expect(before.exitCode).toBe(1)
    const { pending } = JSON.parse(before.stdout) as { pending: string[] }
    expect(pending.length).toBeGreaterThan(0)

    const deployed = await runSealpay(['migrate', 'deploy', '--json'], variables)
    expect([deployed.exitCode, JSON.parse(deployed.stdout)]).toEqual([0, { applied: pending }])
    expect((await runSealpay(['migrate', 'deploy'], variables)).stdout).toBe('nothing to apply\n')

    const after = await runSealpay(['migrate', 'status'], variables)
    expect([after.exitCode, after.stdout]).toEqual([0, `applied\n  ${pending.join('\n  ')}\n`])
  })

  it('exits with 3 when no database is named', async () => {
    const { exitCode, stderr } = await runSealpay(['migrate', 'status'])
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('DATABASE_URL')])
  })

  it('exits with 1 and never shows the password when the database does not let it in', async () => {
    const url = new URL(database.url)
    url.password = 'not-the-password'
    const { exitCode, stderr } = await runSealpay(['migrate', 'status'], { DATABASE_URL: url.href })
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('does not let us in')])
    expect(stderr).not.toContain('not-the-password')
  })
})

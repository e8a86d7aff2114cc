import { describe, expect, it } from '@jest/globals'
import { runSealpay } from '../support/run-sealpay.ts'

const COMMANDS = [
  ['start'],
  ['migrate', 'status'],
  ['migrate', 'deploy'],
  ['migrate', 'resolve'],
  ['seed'],
  ['token'],
  ['schema', 'print'],
  ['schema', 'policy'],
]

describe('sealpay', () => {
  it('shows its commands, exit codes and examples, and exits with 0', async () => {
    const { exitCode, stdout, stderr } = await runSealpay(['--help'])
    expect([exitCode, stderr]).toEqual([0, ''])
    for (const name of ['start', 'migrate', 'seed', 'token', 'schema', 'Exit codes:', 'Examples:']) {
      expect(stdout).toContain(name)
    }
  })

  it.each(COMMANDS)('helps with %s %s by an example', async (...command) => {
    const { exitCode, stdout } = await runSealpay([...command, '--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(new RegExp(`Examples?:[^]*sealpay ${command.join(' ')}`))
  })

  it.each([
    ['nothing', []],
    ['an unknown command', ['pay']],
    ['an unknown option', ['schema', 'print', '--loud']],
    ['a missing option', ['token']],
    ['a wrong value', ['token', '--role', 'KING']],
    ['a duration without a unit', ['token', '--role', 'ADMIN', '--expires', '10']],
    ['a duration of more than a month', ['token', '--role', 'ADMIN', '--expires', '31d']],
    ['an id that is no customer’s', ['token', '--role', 'CUSTOMER', '--customer', 'transaction_1']],
  ])('exits with 2 and says why when it is given %s', async (_, parameters) => {
    const { exitCode, stdout, stderr } = await runSealpay(parameters)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).not.toBe('')
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it('says errors as one JSON value with --json', async () => {
    for (const parameters of [
      ['pay', '--json'],
      ['token', '--json'],
      ['start', '--json'],
    ]) {
      const { stdout, stderr } = await runSealpay(parameters)
      expect(stdout).toBe('')
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: expect.stringMatching(/^ERR_/) } })
    }
  })

  it('exits with 3 and lists every fault of the configuration', async () => {
    const { exitCode, stderr } = await runSealpay(['start'], { SEALPAY_PORT: 'secret-looking' })
    expect(exitCode).toBe(3)
    for (const name of ['DATABASE_URL', 'SEALPAY_KMS', 'SEALPAY_AUTH_ISSUER', 'SEALPAY_PORT']) {
      expect(stderr).toContain(name)
    }
    expect(stderr).not.toContain('secret-looking')
  })
})

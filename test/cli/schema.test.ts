import { describe, expect, it } from '@jest/globals'
import { buildSchema } from 'graphql'
import { runSealpay } from '../support/run-sealpay.ts'

describe('sealpay schema', () => {
  it('prints SDL that says how fields are protected', async () => {
    const { exitCode, stdout } = await runSealpay(['schema', 'print'])
    expect(exitCode).toBe(0)
    const schema = buildSchema(stdout)
    expect(schema.getQueryType()?.getFields()).toHaveProperty('search')
    expect(schema.getType('Customer')?.toString()).toBe('Customer')
    expect(stdout).toMatch(/mask/i)
  })

  it('prints the policy as text, as a table and as JSON', async () => {
    const [text, markdown, json] = await Promise.all([
      runSealpay(['schema', 'policy']),
      runSealpay(['schema', 'policy', '--markdown']),
      runSealpay(['schema', 'policy', '--json']),
    ])
    expect(text.stdout).toMatch(/^Customer\.email \| .* \| EMAIL \| .* \| sealed$/m)
    expect(markdown.stdout).toMatch(/^\| `Customer\.email` \| /m)
    const rows = JSON.parse(json.stdout) as { coordinate: string }[]
    expect(rows.find((row) => row.coordinate === 'Customer.email')).toMatchObject({
      mask: 'EMAIL',
      sealed: true,
    })
  })
})

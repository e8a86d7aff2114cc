/** The README is run as it stands: a server with demo data, its operations with the answers it shows, its commands. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, validate } from 'graphql'
import { asker, type Ask } from '../src/cli/tour/api-client.ts'
import { buildSchema } from '../src/graphql/build-schema.ts'
import { runSealpay, startSealpay, type Running } from './support/run-sealpay.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const scripts = (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
).scripts

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text ?? '')
const operations = blocks('graphql').filter((text) => /^(query|mutation)/.test(text))
const operationNamed = (name: string) => operations.find((text) => text.includes(name)) ?? ''

/** The README's table: what each role sees of each field. */
const shown = [...readme.matchAll(/^\| `(\w+)` \| `(.*?)` \| `(.*?)` \| `(s1\.)/gm)].map(
  ([, field = '', support, admin]) => ({ field, support, admin }),
)

let directory: string
let server: Running
let as: (role: string) => Ask

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'readme-'))
  chmodSync(directory, 0o711)
  server = startSealpay(['start', '--dev', '--directory', directory, '--json'], {
    SEALPAY_PORT: '0',
    SEALPAY_GATEWAY_SANDBOX_URL: 'http://127.0.0.1:0',
  })
  const { api, tokens } = JSON.parse(await server.line()) as { api: string; tokens: Record<string, string> }
  as = (role) => asker(api, tokens[role] ?? '')
}, 180_000)

afterAll(async () => {
  server.process.kill('SIGTERM')
  await server.ended
  rmSync(directory, { recursive: true })
}, 30_000)

describe('the README', () => {
  it('has no blank left to fill in', () => {
    expect(readme).not.toContain('@@')
  })

  it('shows operations that the schema takes', () => {
    const schema = buildSchema()
    expect(operations).toHaveLength(2)
    expect(operations.flatMap((text) => validate(schema, parse(text)))).toEqual([])
  })

  it('shows what SUPPORT and ADMIN see of the demo customer', async () => {
    const document = operationNamed('OneCustomer')
    const support = await as('SUPPORT')(document)
    const admin = await as('ADMIN')(document)
    expect(shown.map(({ field }) => field)).toEqual(['firstName', 'lastName', 'email', 'phoneNumber'])
    expect(shown).toEqual(
      shown.map(({ field }) => ({
        field,
        support: support.text(`node.${field}`),
        admin: admin.text(`node.${field}`),
      })),
    )
  })

  it('has a demo customer who sees their own data in clear', async () => {
    const viewer = await as('CUSTOMER')('{ viewer { customer { email } } }')
    expect(viewer.text('viewer.customer.email')).toBe(shown.find(({ field }) => field === 'email')?.admin)
  })

  it('shows how a mutation is refused', async () => {
    const { codes } = await as('SUPPORT')(operationNamed('Refused'))
    const example = JSON.parse(blocks('json')[0] ?? '') as { extensions: { code: string } }
    expect(codes).toEqual([example.extensions.code])
  })

  it('names commands that are there', async () => {
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
    const help = await runSealpay(['--help'])
    for (const command of ['start', 'migrate', 'seed', 'token', 'schema'])
      expect(help.stdout).toContain(command)
    expect((await runSealpay(['token', '--role', 'SUPPORT', '--directory', directory])).exitCode).toBe(0)
  })

  it('promises a tour that comes to its end', () => {
    const tour = spawnSync(process.execPath, [join(root, 'src/cli/tour.ts'), directory], { encoding: 'utf8' })
    expect(tour.stderr).toBe('')
    expect(tour.stdout).toMatch(/All of it was as said\.\n$/)
  })

  it('links to files that are there', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target)
    expect(links.filter((target) => !target.startsWith('http') && !existsSync(join(root, target)))).toEqual(
      [],
    )
  })
})

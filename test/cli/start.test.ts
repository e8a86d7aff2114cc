import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, readPostmaster, servesData } from '../../src/storage/embedded/postmaster.ts'
import { runSealpay, startSealpay, type Running } from '../support/run-sealpay.ts'

const LIMIT_MS = 60_000

/** Free ports, so that tests run beside each other and beside a developer's own server. */
const ANY_PORT = { SEALPAY_PORT: '0', SEALPAY_GATEWAY_SANDBOX_URL: 'http://127.0.0.1:0' }

interface Facts {
  readonly api: string
  readonly playground: string
  readonly sandbox: string
  readonly tokens: Readonly<Record<string, string>>
}

let directory: string
const running: Running[] = []

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'start-'))
  await chmod(directory, 0o711)
})

afterEach(async () => {
  for (const { process: child, ended } of running.splice(0)) {
    child.kill('SIGTERM')
    await ended
  }
  await rm(directory, { recursive: true })
})

const parameters = (...more: string[]) => ['start', '--dev', '--no-seed', '--directory', directory, ...more]

function begin(variables: Readonly<Record<string, string>> = {}): Running {
  const started = startSealpay(parameters('--json'), { ...ANY_PORT, ...variables })
  running.push(started)
  return started
}

const factsOf = async (started: Running) => JSON.parse(await started.line()) as Facts

async function ask({ api, tokens }: Facts, role: string, query: string): Promise<unknown> {
  const response = await fetch(api, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[role] ?? ''}` },
    body: JSON.stringify({ query }),
  })
  return response.json()
}

const dataDirectory = () => path.join(directory, 'postgres/data')
const postmaster = () => readPostmaster(dataDirectory())

describe('sealpay start --dev', () => {
  it(
    'brings everything, serves, stops all of it at Ctrl-C, and keeps the data for the next start',
    async () => {
      const first = begin()
      const facts = await factsOf(first)
      expect(Object.keys(facts.tokens).sort()).toEqual([
        'ADMIN',
        'AUDITOR',
        'CUSTOMER',
        'FINANCE',
        'KEY_CUSTODIAN',
        'SERVICE',
        'SUPPORT',
      ])
      const create =
        'mutation { createCustomer(input: { customer: { email: "ada@example.com" } }) { customer { id } } }'
      expect(await ask(facts, 'ADMIN', create)).toMatchObject({
        data: { createCustomer: { customer: { id: expect.stringMatching(/^customer_/) } } },
      })
      const { pid } = postmaster()!

      // npm passes on the Ctrl-C that the terminal has sent already: together they are one.
      first.process.kill('SIGINT')
      await sleep(50)
      first.process.kill('SIGINT')
      const { exitCode, stdout } = await first.ended
      expect(exitCode).toBe(0)
      expect(stdout.trim().split('\n')).toHaveLength(1)
      expect(servesData(pid, dataDirectory())).toBe(false)
      await expect(fetch(facts.sandbox)).rejects.toThrow()

      const again = await factsOf(begin())
      const emails = '{ search { customers(input: {}) { edges { node { email } } } } }'
      const shown = (email: string) => ({ data: { search: { customers: { edges: [{ node: { email } }] } } } })
      expect(await ask(again, 'ADMIN', emails)).toEqual(shown('ada@example.com'))
      expect(await ask(again, 'SUPPORT', emails)).toEqual(shown('a***@example.com'))
    },
    2 * LIMIT_MS,
  )

  it(
    'refuses a second start beside the first with exit code 4 and the first one’s process',
    async () => {
      const first = begin()
      await first.line()
      const second = await runSealpay(parameters(), ANY_PORT)
      expect([second.exitCode, second.stderr]).toEqual([
        4,
        expect.stringContaining(`process ${first.process.pid ?? 0}`),
      ])
      expect(second.stderr.trim().split('\n')).toHaveLength(1)
    },
    LIMIT_MS,
  )

  it.each([
    ['SEALPAY_PORT', (port: number) => ({ ...ANY_PORT, SEALPAY_PORT: String(port) })],
    [
      'SEALPAY_GATEWAY_SANDBOX_URL',
      (port: number) => ({ ...ANY_PORT, SEALPAY_GATEWAY_SANDBOX_URL: `http://127.0.0.1:${port}` }),
    ],
  ])(
    'exits with 4 when the port of %s is taken, names both, and leaves nothing running',
    async (variable, settings) => {
      const squatter = createServer().listen(0, '127.0.0.1')
      await once(squatter, 'listening')
      const { port } = squatter.address() as AddressInfo
      const { exitCode, stderr } = await runSealpay(parameters(), settings(port))
      squatter.close()

      expect(exitCode).toBe(4)
      expect(stderr).toMatch(new RegExp(`^Port ${port} is in use\\..*${variable}.*\\n$`))
      expect(postmaster()).toBeUndefined()
    },
    LIMIT_MS,
  )

  it(
    'ends at once at a second Ctrl-C, though a request is still open, and the database ends too',
    async () => {
      const started = begin({ SEALPAY_DRAIN_SECONDS: '300' })
      const { port, hostname } = new URL((await factsOf(started)).api)
      const { pid } = postmaster()!
      const socket = connect(Number(port), hostname)
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(
        'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
      )
      await sleep(200)

      started.process.kill('SIGINT')
      await sleep(700)
      expect(started.process.exitCode).toBeNull()
      started.process.kill('SIGINT')
      expect((await started.ended).exitCode).toBe(1)
      expect(await eventually(() => !servesData(pid, dataDirectory()), LIMIT_MS)).toBe(true)
      socket.destroy()
    },
    2 * LIMIT_MS,
  )

  it(
    'keeps its secrets in files that only their owner reads',
    async () => {
      await begin().line()
      for (const file of [
        'kms-key.json',
        'sandbox-secret',
        'issuer/issuer-key.json',
        'postgres/connection.json',
      ]) {
        expect([file, (await stat(path.join(directory, file))).mode & 0o777]).toEqual([file, 0o600])
      }
    },
    LIMIT_MS,
  )
})

describe('sealpay seed', () => {
  it(
    'fills a new database beside the server that runs, and adds nothing the second time',
    async () => {
      const facts = await factsOf(begin())
      const seed = ['seed', '--dev', '--json', '--directory', directory]
      const first = await runSealpay(seed, ANY_PORT)
      expect([first.exitCode, JSON.parse(first.stdout)]).toEqual([0, { customers: 40, payments: 300 }])
      const second = await runSealpay(seed, ANY_PORT)
      expect([second.exitCode, JSON.parse(second.stdout)]).toEqual([0, { customers: 0, payments: 0 }])

      const own = '{ search { transactions(input: {}, first: 1) { edges { node { status } } } } }'
      expect(await ask(facts, 'CUSTOMER', own)).toMatchObject({
        data: { search: { transactions: { edges: [{ node: { status: expect.any(String) } }] } } },
      })
    },
    4 * LIMIT_MS,
  )
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import {
  startEmbeddedPostgres,
  startEphemeralPostgres,
  type EmbeddedPostgres,
} from '../../src/storage/embedded/embedded-postgres.ts'
import { AlreadyRunning } from '../../src/storage/embedded/fault.ts'
import { eventually, servesData } from '../../src/storage/embedded/postmaster.ts'

const LIMIT_MS = 20_000
const undo: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function newDirectory(mode = 0o711): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'embedded-'))
  await chmod(directory, mode)
  undo.push(() => rm(directory, { recursive: true, force: true }))
  return directory
}

let made: string

beforeAll(async () => {
  made = await mkdtemp(path.join(tmpdir(), 'embedded-'))
  await chmod(made, 0o711)
  await (await startEmbeddedPostgres({ directory: made })).stop()
})

afterAll(async () => {
  await rm(made, { recursive: true })
})

/** A directory as the first start left it: initdb is what takes long. */
async function oldDirectory(): Promise<string> {
  const directory = await newDirectory()
  execFileSync('cp', ['-a', `${made}/.`, directory])
  return directory
}

async function start(directory: string, options?: { lookUp: () => undefined }): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory, ...options })
  undo.push(() => server.stop())
  return server
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

interface Holder {
  readonly process: ChildProcess
  readonly pid: number
  readonly dataDirectory: string
}

/** Starts it in another process. */
async function startElsewhere(...directory: string[]): Promise<Holder> {
  const script = path.resolve(import.meta.dirname, '../support/hold-postgres.ts')
  const child = spawn(process.execPath, [script, ...directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as Buffer[]
  const said = JSON.parse(String(line)) as Omit<Holder, 'process'>
  return { process: child, pid: said.pid, dataDirectory: said.dataDirectory }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('startEmbeddedPostgres', () => {
  it('makes a UTF-8 cluster with checksums that only this machine reaches, by password', async () => {
    const directory = await newDirectory()
    const server = await start(directory)

    expect(server.adopted).toBe(false)
    const settings = ['server_encoding', 'data_checksums', 'listen_addresses', 'password_encryption', 'fsync']
    const shown = await Promise.all(settings.map((name) => ask(server.url, `SHOW ${name}`)))
    expect(shown.flat().map((row) => Object.values(row as Record<string, unknown>)[0])).toEqual([
      'UTF8',
      'on',
      '127.0.0.1',
      'scram-sha-256',
      'on',
    ])
    const wrong = new URL(server.url)
    wrong.password = 'wrong'
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
    expect((await stat(path.join(directory, 'connection.json'))).mode & 0o777).toBe(0o600)
  })

  it('keeps data and port from one start to the next', async () => {
    const directory = await oldDirectory()
    const first = await startEmbeddedPostgres({ directory })
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS value')
    await first.stop()
    expect(servesData(first.pid, first.dataDirectory)).toBe(false)

    const second = await start(directory)
    expect(second.url).toBe(first.url)
    expect(await ask(second.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }])
  })

  it('takes another port when its own is taken', async () => {
    const directory = await oldDirectory()
    const first = await startEmbeddedPostgres({ directory })
    await first.stop()
    const squatter = createServer().listen(first.port, '127.0.0.1')
    await once(squatter, 'listening')
    undo.push(async () => {
      squatter.close()
      await once(squatter, 'close')
    })

    const second = await start(directory)
    expect(second.port).not.toBe(first.port)
    expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('refuses a second start beside the first, naming its process', async () => {
    const directory = await oldDirectory()
    const holder = await startElsewhere(directory)

    const refused = startEmbeddedPostgres({ directory })
    await expect(refused).rejects.toThrow(AlreadyRunning)
    await expect(refused).rejects.toMatchObject({ pid: holder.process.pid })
    await expect(refused).rejects.toThrow(String(holder.process.pid))

    await kill(holder.process)
    await start(directory)
  })

  it('takes over the server of a process that was killed', async () => {
    const directory = await oldDirectory()
    const holder = await startElsewhere(directory)
    await kill(holder.process)

    const server = await start(directory)
    expect(server).toMatchObject({ adopted: true, pid: holder.pid })
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it.each([
    ['is left behind', (pid: number) => pid],
    ['names a stranger, since the pid was given away again', () => process.pid],
  ])('recovers when the server was killed too and its postmaster.pid %s', async (_, pidOf) => {
    const directory = await oldDirectory()
    const holder = await startElsewhere(directory)
    await kill(holder.process)
    process.kill(holder.pid, 'SIGKILL')
    expect(await eventually(() => !servesData(holder.pid, holder.dataDirectory), LIMIT_MS)).toBe(true)
    const file = path.join(holder.dataDirectory, 'postmaster.pid')
    const [, ...rest] = (await readFile(file, 'utf8')).split('\n')
    await writeFile(file, [pidOf(holder.pid), ...rest].join('\n'))

    const server = await start(directory)
    expect(server.adopted).toBe(false)
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('says what is wrong when its password is lost, and touches nothing', async () => {
    const directory = await oldDirectory()
    const file = path.join(directory, 'connection.json')
    const connection = await readFile(file, 'utf8')
    await rm(file)

    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(/connection\.json is missing/)
    await writeFile(file, connection)
    await start(directory)
  })

  it('says the server’s own words when it does not start', async () => {
    const directory = await oldDirectory()
    const first = await startEmbeddedPostgres({ directory })
    await first.stop()
    await writeFile(path.join(first.dataDirectory, 'postgresql.auto.conf'), 'nonsense = 1\n')
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(/does not start[^]*nonsense/)
  })

  it('starts where no account of the name postgres exists', async () => {
    const server = await start(await newDirectory(), { lookUp: () => undefined })
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('starts below a directory that only its owner enters; as root, with its files elsewhere', async () => {
    const directory = path.join(await newDirectory(0o700), 'postgres')
    const asRoot = process.getuid?.() === 0
    const server = await start(directory)
    const home = path.dirname(server.dataDirectory)
    if (asRoot) undo.unshift(() => rm(home, { recursive: true }))

    expect(home === directory).toBe(!asRoot)
    expect(server.remarks.some((remark) => remark.includes(home))).toBe(asRoot)
    await ask(server.url, 'CREATE TABLE kept AS SELECT 42 AS value')
    await server.stop()
    const again = await start(directory)
    expect(await ask(again.url, 'SELECT value FROM kept')).toEqual([{ value: 42 }])
  })

  it('does not write rows or statements into its log', async () => {
    const server = await start(await oldDirectory())
    await ask(server.url, "CREATE TABLE t (v text CHECK (v <> 'marked-value'))")
    await expect(ask(server.url, "INSERT INTO t VALUES ('marked-value')")).rejects.toThrow()
    const log = await readFile(server.logFile, 'utf8')
    expect(log).toContain('violates check constraint')
    expect(log).not.toContain('marked-value')
  })
})

describe('startEphemeralPostgres', () => {
  it('leaves nothing after stop', async () => {
    const server = await startEphemeralPostgres()
    expect(await ask(server.url, 'SHOW fsync')).toEqual([{ fsync: 'off' }])
    await server.stop()
    expect(servesData(server.pid, server.dataDirectory)).toBe(false)
    await expect(stat(path.dirname(server.dataDirectory))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('leaves nothing when its process is killed', async () => {
    const holder = await startElsewhere()
    await kill(holder.process)
    const home = path.dirname(holder.dataDirectory)
    expect(await eventually(() => !servesData(holder.pid, holder.dataDirectory), LIMIT_MS)).toBe(true)
    for (;;) {
      const found = await stat(home).catch(() => undefined)
      if (!found) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })
})

// The copy that is used when npm's package is read-only or its links were not made.
describe('copyBinaries', () => {
  it('makes the links that the package’s postinstall script would have made', async () => {
    const { copyBinaries, locateBinaries, runsFor } = await import('../../src/storage/embedded/binaries.ts')
    const { cp, lstat } = await import('node:fs/promises')
    const directory = await newDirectory()
    const brought = locateBinaries()
    const native = path.join(directory, 'native')
    const isNoLink = async (file: string) => !(await lstat(file)).isSymbolicLink()
    await cp(brought.native, native, { recursive: true, filter: isNoLink })
    const bare = { ...brought, native }
    expect(runsFor(bare, undefined)).toBe(false)

    await mkdir(path.join(directory, 'copy'))
    expect(runsFor(copyBinaries(bare, path.join(directory, 'copy')), undefined)).toBe(true)
  })
})

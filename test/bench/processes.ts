/** The processes of the rows that go over HTTP: a server, and a client of its own that sends it requests. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

/** What a server says when it listens. */
export interface Listening {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The bodies that its clients send in turn. */
  readonly bodies: readonly string[]
}

/** What a server says of itself when asked. */
export interface Report {
  /** Of the whole process since it started. */
  readonly cpuMicroseconds: number
  /** After a collection where the process may ask for one. */
  readonly heapBytes: number
  readonly kmsCalls: number
}

export interface ServerProcess extends Listening {
  report(): Promise<Report>
  stop(): Promise<void>
}

/** What a client does: it ends after that many requests or seconds, whichever comes first. */
export interface Load extends Listening {
  readonly connections: number
  readonly requests: number
  readonly seconds: number
  /** Every so many requests come with a document that the server has not seen; 0 for none. */
  readonly newDocumentEvery: number
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
}

function start(file: string, args: readonly string[] = [], execArgv: readonly string[] = []): ChildProcess {
  return fork(path.join(import.meta.dirname, file), args, {
    execArgv: [...execArgv],
    env: { ...process.env, NODE_ENV: 'production' },
  })
}

/** The next message; a process that ends without one is an error. */
async function hear<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController()
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} ended with ${String(code)}.`)
  })
  exit.catch(() => undefined)
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal: ended.signal }), exit])) as [T]
    return message
  } finally {
    ended.abort()
  }
}

export async function startServerProcess(
  file: string,
  args: readonly string[] = [],
  execArgv: readonly string[] = [],
): Promise<ServerProcess> {
  const child = start(file, args, execArgv)
  const listening = await hear<Listening>(child)
  return {
    ...listening,
    report() {
      child.send('report')
      return hear<Report>(child)
    },
    async stop() {
      const exit = once(child, 'exit')
      child.disconnect()
      await exit
    },
  }
}

/** Runs one client to its end. Any answer but a good one fails it. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const child = start('load.ts')
  child.send(load)
  const result = await hear<LoadResult>(child)
  child.disconnect()
  return result
}

/** The server's side: says that it listens, answers when asked, and ends with its parent. */
export function serveParent(listening: Listening, kmsCalls: () => number): void {
  const report = (): Report => {
    // Twice: what the first frees may hold what the second can.
    for (let times = 0; times < 2; times += 1) globalThis.gc?.()
    const { user, system } = process.cpuUsage()
    return { cpuMicroseconds: user + system, heapBytes: process.memoryUsage().heapUsed, kmsCalls: kmsCalls() }
  }
  process.on('message', () => process.send?.(report()))
  process.on('disconnect', () => process.exit(0))
  process.send?.(listening)
}

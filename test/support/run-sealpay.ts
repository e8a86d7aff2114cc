/** Runs the `sealpay` command as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

const SCRIPT = path.resolve(import.meta.dirname, '../../src/cli/sealpay.ts')

export interface Run {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

type Variables = Readonly<Record<string, string | undefined>>

/** Ours alone: a test machine's own DATABASE_URL must not matter. */
const environment = (variables: Variables) => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ...variables,
})

export interface Running {
  readonly process: ChildProcess
  /** Resolves when it has written a line to standard output; rejects when it ends before. */
  line(): Promise<string>
  readonly ended: Promise<Run>
}

export function startSealpay(parameters: readonly string[], variables: Variables = {}): Running {
  const child = spawn(process.execPath, [SCRIPT, ...parameters], {
    env: environment(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (written.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (written.stderr += String(chunk)))
  const ended = once(child, 'close').then(([exitCode]) => ({
    exitCode: exitCode as number | null,
    ...written,
  }))
  return {
    process: child,
    ended,
    async line() {
      while (!written.stdout.includes('\n')) {
        const isOver = await Promise.race([
          ended.then(() => true),
          once(child.stdout, 'data').then(() => false),
        ])
        if (isOver) throw new Error(`It ended: ${written.stderr}`)
      }
      return written.stdout.slice(0, written.stdout.indexOf('\n'))
    },
  }
}

export function runSealpay(parameters: readonly string[], variables: Variables = {}): Promise<Run> {
  return startSealpay(parameters, variables).ended
}

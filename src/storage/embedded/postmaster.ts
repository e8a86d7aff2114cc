/** The running server of a data directory: found by its postmaster.pid, whoever started it. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedPostgresFault } from './fault.ts'

const POLL_MS = 15

export interface Postmaster {
  readonly pid: number
  readonly port: number
  readonly status: string
}

/** Reads postmaster.pid (its lines: miscadmin.h, LOCK_FILE_LINE_*), or undefined when there is none or a part of one. */
export function readPostmaster(data: string): Postmaster | undefined {
  let lines: string[]
  try {
    lines = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() }
}

/** Whether this process is the server of this directory: after a crash its pid may be anyone's. */
export function servesData(pid: number, data: string): boolean {
  const command = commandOf(pid)
  return command.includes('postgres') && command.includes(data)
}

function commandOf(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** Waits until a condition holds. Resolves to whether it did before the deadline. */
export async function eventually(condition: () => boolean, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs
  while (!condition()) {
    if (Date.now() > deadline) return false
    await sleep(POLL_MS)
  }
  return true
}

/**
 * Stops a server: fast (SIGINT, clients are cut off, all is written), and when that does not end in time,
 * immediately (SIGQUIT, the next start recovers).
 *
 * @throws {EmbeddedPostgresFault} when it outlives both
 */
export async function stopPostmaster(pid: number, data: string, limitMs: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!servesData(pid, data)) return
    process.kill(pid, signal)
    if (await eventually(() => !servesData(pid, data), limitMs)) return
  }
  throw new EmbeddedPostgresFault(`PostgreSQL (process ${pid}) does not stop.`)
}

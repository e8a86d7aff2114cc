import {
  chmodSync,
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { SandboxRecord } from './records.ts'

const KINDS: ReadonlySet<unknown> = new Set(['method', 'payment', 'refund', 'answer', 'clock', 'key'])

/** One line a change: all records that it wrote, whole or not at all. */
export interface Journal {
  append(records: readonly SandboxRecord[]): void
  close(): void
}

/** Null when the line is torn or not ours. */
function parseLine(line: string): SandboxRecord[] | null {
  try {
    const records: unknown = JSON.parse(line)
    const isOurs =
      Array.isArray(records) &&
      records.every((record: unknown) => {
        return typeof record === 'object' && record !== null && 'kind' in record && KINDS.has(record.kind)
      })
    return isOurs ? (records as SandboxRecord[]) : null
  } catch {
    return null
  }
}

/** Writes all of it: one call may take less. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
}

/** Replays what is whole and gives the length of that, in bytes. Only the last line may be torn. */
function replay(content: Buffer, onRecord: (record: SandboxRecord) => void): number {
  let start = 0
  let lineNumber = 1
  while (start < content.length) {
    const end = content.indexOf(0x0a, start)
    if (end === -1) return start
    const records = parseLine(content.toString('utf8', start, end))
    if (records === null) {
      if (end === content.length - 1) return start
      throw new Error(
        `Line ${lineNumber} of the sandbox's journal is damaged. Move the file away to start afresh.`,
      )
    }
    for (const record of records) onRecord(record)
    start = end + 1
    lineNumber++
  }
  return start
}

/**
 * Opens an append-only journal (NDJSON, mode 0600), replays it, and cuts off a last line that a crash tore.
 * Nothing is synced: a machine that loses power may lose the last changes of a sandbox.
 */
export function openJournal(path: string, onRecord: (record: SandboxRecord) => void): Journal {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const file = openSync(path, 'a+', 0o600)
  try {
    chmodSync(path, 0o600)
    const whole = replay(readFileSync(path), onRecord)
    if (whole < fstatSync(file).size) ftruncateSync(file, whole)
  } catch (error) {
    closeSync(file)
    throw error
  }
  return {
    append: (records) => writeAll(file, Buffer.from(`${JSON.stringify(records)}\n`)),
    close: () => closeSync(file),
  }
}

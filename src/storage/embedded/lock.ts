/**
 * One process holds a directory. The lock is the operating system's, on a file that SQLite opens, so that it is
 * gone when its process is, however that died; a file with a pid in it would stay behind and name a stranger.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AlreadyRunning, EmbeddedPostgresFault } from './fault.ts'

const SQLITE_BUSY = 5

export interface Lock {
  release(): void
}

/**
 * Takes the lock of a directory that exists.
 *
 * @throws {AlreadyRunning} when another process, or another call in this one, holds it
 */
export function lockDirectory(directory: string): Lock {
  const holderFile = path.join(directory, 'lock.pid')
  const file = new DatabaseSync(path.join(directory, 'lock'))
  try {
    file.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    file.close()
    if (isBusy(cause)) throw new AlreadyRunning(directory, readHolder(holderFile))
    throw new EmbeddedPostgresFault(`The lock of ${directory} cannot be taken.`, { cause })
  }
  writeFileSync(holderFile, String(process.pid))
  return {
    release() {
      if (!file.isOpen) return
      rmSync(holderFile, { force: true })
      file.close()
    },
  }
}

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY
}

function readHolder(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

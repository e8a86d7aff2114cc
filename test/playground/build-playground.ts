import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '..', '..')
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')

/** Builds the Playground from its sources as they are now. Gives the directory. */
export async function buildPlayground(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sealpay-playground-'))
  const built = ['build', join(ROOT, 'src', 'playground'), '--outDir', directory, '--logLevel', 'error']
  await promisify(execFile)(process.execPath, [VITE, ...built])
  return directory
}

/** One thing that is generated from others, and whether it must be made again. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

export interface Step {
  readonly name: string
  /** Patterns of the files that decide about the result. */
  readonly inputs: readonly string[]
  /** A file that is there after it was made. */
  readonly output: string
  /** The program, by its name in node_modules/.bin, and its arguments. */
  readonly command: readonly [string, ...string[]]
}

/** The step's program ended with an error; the message holds what it wrote. */
export class StepFault extends Error {
  override readonly name = 'StepFault'
}

/** A digest of all inputs, by name and content, and of how they are used. */
export function fingerprint(root: string, step: Step): string {
  const hash = createHash('sha256').update(JSON.stringify(step))
  for (const file of globSync([...step.inputs], { cwd: root }).sort()) {
    const at = path.join(root, file)
    if (statSync(at).isFile()) hash.update(`\0${file}\0`).update(readFileSync(at))
  }
  return hash.digest('hex')
}

export function isFresh(root: string, step: Step): boolean {
  const stamp = stampOf(root, step)
  return (
    existsSync(path.join(root, step.output)) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === fingerprint(root, step)
  )
}

/**
 * Makes it, and remembers from what.
 *
 * @throws {StepFault} with the program's output
 */
export async function make(root: string, step: Step, environment: NodeJS.ProcessEnv): Promise<void> {
  const made = fingerprint(root, step)
  const [program, ...parameters] = step.command
  try {
    await promisify(execFile)(
      process.execPath,
      [path.join(root, 'node_modules/.bin', program), ...parameters],
      {
        cwd: root,
        env: environment,
        maxBuffer: 10_000_000,
      },
    )
  } catch (cause) {
    throw new StepFault(`${step.name} failed: ${step.command.join(' ')}\n${outputOf(cause)}`, { cause })
  }
  remember(stampOf(root, step), made)
}

function outputOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('stdout' in error) || !('stderr' in error)) {
    return String(error)
  }
  return `${String(error.stdout)}${String(error.stderr)}`.trim()
}

function stampOf(root: string, step: Step): string {
  return path.join(root, 'node_modules/.cache/sealpay', `${step.name.replaceAll(/\W+/g, '-')}.stamp`)
}

/** Where it cannot be written, as in a read-only node_modules, the step is made at each start. */
function remember(stamp: string, made: string): void {
  try {
    mkdirSync(path.dirname(stamp), { recursive: true })
    writeFileSync(stamp, made)
  } catch {
    return
  }
}

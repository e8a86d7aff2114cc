/** How the command line ends: one clear line for a person, an exit code for a script. */
import { CommanderError } from '@commander-js/extra-typings'

/** Documented in the help: keep them. */
export const EXIT = { fine: 0, fault: 1, usage: 2, configuration: 3, taken: 4 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A port that we were to listen on is in use; `remedy` says which setting moves it. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'
  readonly code = 'ERR_PORT_TAKEN'

  constructor(port: number, remedy: string, options?: ErrorOptions) {
    super(`Port ${port} is in use. Stop what listens there, or ${remedy}.`, options)
  }
}

export function isPortTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE'
}

/** The command was given something that it cannot use. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault'
  readonly code = 'ERR_USAGE'
}

const EXIT_BY_CODE: Readonly<Record<string, ExitCode>> = {
  ERR_USAGE: EXIT.usage,
  ERR_CONFIG: EXIT.configuration,
  ERR_SCHEMA: EXIT.configuration,
  ERR_ALREADY_RUNNING: EXIT.taken,
  ERR_PORT_TAKEN: EXIT.taken,
}

export interface Ending {
  readonly exitCode: ExitCode
  readonly code: string
  readonly message: string
  /** Each fault of a configuration or schema, when there are several. */
  readonly faults?: readonly string[]
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'ERR_UNEXPECTED'

/** Says what an error means to whoever ran the command; never its stack. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) {
    const exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.usage
    return { exitCode, code: 'ERR_USAGE', message: error.message }
  }
  const code = codeOf(error)
  const exitCode = EXIT_BY_CODE[code] ?? EXIT.fault
  const faults = error instanceof Error && 'faults' in error ? (error.faults as string[]) : undefined
  return { exitCode, code, message: messageOf(error, code), ...(faults && { faults }) }
}

/** A fault of ours has a message for people. Of another's the first line: drivers put statements and rows after it. */
function messageOf(error: unknown, code: string): string {
  if (!(error instanceof Error)) return 'Sealpay failed.'
  if (code.startsWith('ERR_') && code !== 'ERR_UNEXPECTED') return error.message
  const line = error.message.split('\n').find((text) => text.trim() !== '')
  return `Sealpay failed: ${line?.trim() ?? code}`
}

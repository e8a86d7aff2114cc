/** What a command says: for people as text, for programs (`--json`) as one JSON value on standard output. */
import type { Command } from '@commander-js/extra-typings'
import type { Ending } from './faults.ts'

export type GlobalOptions = {
  readonly json?: true | undefined
}

/** The program that commands register themselves with. */
export type Program = Command<[], GlobalOptions>

/** The result of a command. */
export function tell(options: GlobalOptions, value: unknown, text: string): void {
  console.log(options.json ? JSON.stringify(value) : text)
}

/** The reason why it has none. */
export function tellFault(json: boolean, { code, message, faults }: Ending): void {
  console.error(json ? JSON.stringify({ error: { code, message, ...(faults && { faults }) } }) : message)
}

import { styleText } from 'node:util'

/** What a step promises is not so: the tour ends here, and says which promise it was. */
export class NotAsSaid extends Error {
  override readonly name = 'NotAsSaid'
}

/** @throws {NotAsSaid} when `holds` is false */
export function promise(said: string, holds: boolean): void {
  if (!holds) throw new NotAsSaid(`Not as said: ${said}`)
  console.log(`   ${styleText('green', '✓')} ${said}`)
}

let count = 0

export function heading(text: string): void {
  count += 1
  console.log(`\n${styleText('bold', `${count}. ${text}`)}`)
}

export function say(text: string): void {
  console.log(`   ${text}`)
}

/** A few named values under each other. */
export function show(values: Readonly<Record<string, unknown>>): void {
  const width = Math.max(...Object.keys(values).map((name) => name.length))
  for (const [name, value] of Object.entries(values)) {
    console.log(`   ${styleText('dim', name.padEnd(width))}  ${String(value)}`)
  }
}

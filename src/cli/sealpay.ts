#!/usr/bin/env node
/** The `sealpay` command. Each subcommand is a file beside this one, and loads what it needs when it runs. */
import { Command, CommanderError } from '@commander-js/extra-typings'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { endingOf, EXIT } from './faults.ts'
import { registerMigrate } from './migrate.ts'
import { registerSchema } from './schema.ts'
import { registerSeed } from './seed.ts'
import { registerStart } from './start.ts'
import { tellFault, type Program } from './terminal.ts'
import { registerToken } from './token.ts'

const HELP = `
Exit codes:
  0  fine
  1  a fault: the message says which
  2  wrong usage
  3  the configuration or the schema is wrong
  4  already running, or a port is taken

Examples:
  sealpay start --dev                        everything on this machine: database, keys, gateway, API
  sealpay token --role SUPPORT               a development token
  sealpay migrate status --json              for a deployment script
  sealpay schema policy                      who sees what

Configuration is by environment variables; .env.example lists them.`

// `sealpay ... | head` closes the pipe: that is not our fault, and no reason for a stack.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

function version(): string {
  const file = path.resolve(import.meta.dirname, '../../package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

function createProgram(json: boolean): Program {
  const program = new Command()
    .name('sealpay')
    .description('A GraphQL payment API whose schema says who sees what.')
    .version(version())
    .option('--json', 'print results and errors as JSON')
    .addHelpText('after', HELP)
    .showHelpAfterError(json ? false : '(sealpay --help shows what there is)')
    .configureOutput({ outputError: (text, write) => (json ? undefined : write(text)) })
    .exitOverride()
  for (const register of [registerStart, registerMigrate, registerSeed, registerToken, registerSchema]) {
    register(program)
  }
  return program
}

const json = process.argv.includes('--json')
try {
  await createProgram(json).parseAsync()
} catch (error) {
  const ending = endingOf(error)
  const isSaid = error instanceof CommanderError && (!json || ending.exitCode === EXIT.fine)
  if (!isSaid) tellFault(json, ending)
  process.exitCode = ending.exitCode
}

/** `sealpay start`: the server, and with `--dev` all that it needs. */
import path from 'node:path'
import type { Logger } from 'pino'
import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import type { DevEnvironment } from './dev-environment.ts'
import { DEFAULT_DIRECTORY } from './dev-directory.ts'
import { isPortTaken, PortTaken } from './faults.ts'
import { announceServer, withdrawServer } from './running-server.ts'
import { listenForStop, type StopSignals } from './stop-signals.ts'
import { tell, type GlobalOptions, type Program } from './terminal.ts'

const HELP = `
With --dev nothing else is needed: a PostgreSQL, keys, an issuer of tokens and a sandbox gateway start with it,
and keep their files in one directory. Without it every setting comes from the environment (.env.example).
Ctrl-C finishes what runs and stops in order; a second Ctrl-C stops at once.

Examples:
  sealpay start --dev
  SEALPAY_PORT=4100 sealpay start --dev --directory /tmp/sealpay`

interface StartOptions extends GlobalOptions {
  readonly dev?: true | undefined
  readonly directory: string
  readonly seed: boolean
}

export function registerStart(program: Program): void {
  program
    .command('start')
    .description('Start the server.')
    .option('--dev', 'start everything that it needs as well')
    .option('--directory <path>', 'where the development files are', DEFAULT_DIRECTORY)
    .option('--no-seed', 'with --dev: leave a new database empty')
    .addHelpText('after', HELP)
    .action(async (_options, command) => {
      await start(command.optsWithGlobals())
    })
}

async function start(options: StartOptions): Promise<void> {
  const signals = listenForStop()
  const opened: (() => unknown)[] = []
  try {
    const dev = options.dev ? await openDev(options, signals) : undefined
    if (dev) {
      opened.push(() => dev.close())
      opened.push(() => withdrawServer(path.resolve(options.directory)))
    }
    const { config, log } = await configure(options, dev)
    if (dev && options.seed) await seed(options, config)
    const app = await openApp(config, log)
    opened.push(() => app.close())
    await announce(options, app, config, log, dev)
    await signals.asked
    if (!options.json) console.log('stopping')
  } finally {
    for (const close of opened.reverse()) await close()
    signals.release()
  }
}

const reporter =
  ({ json }: GlobalOptions) =>
  (line: string): void => {
    if (!json) console.log(line)
  }

async function openDev(options: StartOptions, signals: StopSignals): Promise<DevEnvironment> {
  const { startDevEnvironment } = await import('./dev-environment.ts')
  const dev = await startDevEnvironment({
    directory: path.resolve(options.directory),
    environment: process.env,
    report: reporter(options),
  })
  signals.onInsisted(() => dev.interrupt())
  return dev
}

async function configure(
  options: StartOptions,
  dev: DevEnvironment | undefined,
): Promise<{ config: Config; log: Logger }> {
  const [{ loadConfig }, { openLog }] = await Promise.all([import('../config.ts'), import('./log.ts')])
  const config = loadConfig(dev?.variables ?? process.env)
  return {
    config,
    log: openLog(config.SEALPAY_LOG_LEVEL, { pretty: dev !== undefined, aside: options.json }),
  }
}

async function seed(options: StartOptions, config: Config): Promise<void> {
  const { describeAdded, seedDemo } = await import('./seed/seed-demo.ts')
  const report = reporter(options)
  report('looking after the demo data')
  report(describeAdded(await seedDemo(config)))
}

async function openApp(config: Config, log: Logger): Promise<App> {
  const { startApp } = await import('../app.ts')
  try {
    return await startApp(config, log)
  } catch (cause) {
    if (isPortTaken(cause)) throw new PortTaken(config.SEALPAY_PORT, 'set SEALPAY_PORT', { cause })
    throw cause
  }
}

async function announce(
  options: StartOptions,
  { url }: App,
  config: Config,
  log: Logger,
  dev: DevEnvironment | undefined,
): Promise<void> {
  if (!dev) {
    if (options.json) tell(options, { url }, url)
    else log.info({ url }, 'listening')
    return
  }
  const { welcome } = await import('./welcome.ts')
  const { facts, text } = await welcome(url, config, dev)
  announceServer(path.resolve(options.directory), facts)
  tell(options, facts, text)
}

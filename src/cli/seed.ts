/** `sealpay seed`: fictitious customers and payments, to look at. */
import path from 'node:path'
import { loadConfig, type Config } from '../config.ts'
import { DEFAULT_DIRECTORY } from './dev-directory.ts'
import { UsageFault } from './faults.ts'
import { tell, type Program } from './terminal.ts'

const HELP = `
Adds what is missing and changes nothing that is there. For development: it needs the sandbox gateway. Without
--dev the settings come from the environment. start --dev seeds by itself.

Examples:
  sealpay seed --dev
  sealpay seed`

export function registerSeed(program: Program): void {
  program
    .command('seed')
    .description('Add fictitious customers, stored methods and payments in every status.')
    .option('--dev', 'with the embedded database and the sandbox, whether they are running or not')
    .option('--directory <path>', 'where the development files are', DEFAULT_DIRECTORY)
    .addHelpText('after', HELP)
    .action(async (options, command) => {
      const { describeAdded, seedDemo } = await import('./seed/seed-demo.ts')
      const work = (config: Config) => seedDemo(config)
      const directory = path.resolve(options.directory)
      const added = options.dev ? await inDevEnvironment(directory, work) : await work(developmentConfig())
      tell(command.optsWithGlobals(), added, describeAdded(added))
    })
}

function developmentConfig(): Config {
  const config = loadConfig(process.env)
  if (config.SEALPAY_MODE !== 'development') {
    throw new UsageFault('Demo data is for development: SEALPAY_MODE is not development.')
  }
  return config
}

async function inDevEnvironment<T>(directory: string, work: (config: Config) => Promise<T>): Promise<T> {
  const { borrowDevEnvironment } = await import('./dev-environment.ts')
  const dev = await borrowDevEnvironment({ directory, environment: process.env, report: () => undefined })
  try {
    return await work(loadConfig(dev.variables))
  } finally {
    await dev.close()
  }
}

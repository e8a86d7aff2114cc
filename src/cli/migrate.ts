/** `sealpay migrate`: the database's schema, where `prisma migrate` cannot fetch its engine. */
import path from 'node:path'
import { ConfigFault } from '../errors.ts'
import type { MigrationStatus } from '../storage/migrate.ts'
import { DEFAULT_DIRECTORY, databaseDirectory, makeDirectory } from './dev-directory.ts'
import { EXIT } from './faults.ts'
import { tell, type Program } from './terminal.ts'

export const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations')

interface Where {
  readonly dev?: true | undefined
  readonly directory: string
}

export function registerMigrate(program: Program): void {
  const migrate = program
    .command('migrate')
    .description('Bring the database up to date. The same as prisma migrate, without its download.')
  const add = (name: string, description: string) =>
    migrate
      .command(name)
      .description(description)
      .option('--dev', 'the embedded database instead of DATABASE_URL')
      .option('--directory <path>', 'where the development files are', DEFAULT_DIRECTORY)

  add('status', 'Say what is applied and what is not.')
    .addHelpText(
      'after',
      '\nExits with 1 unless everything is applied.\n\nExample:\n  sealpay migrate status --json',
    )
    .action(async (options, command) => {
      const { migrateStatus } = await import('../storage/migrate.ts')
      const status = await onDatabase(options, (url) => migrateStatus({ url, directory: MIGRATIONS }))
      tell(command.optsWithGlobals(), status, describeStatus(status))
      if (!isCurrent(status)) process.exitCode = EXIT.fault
    })

  add('deploy', 'Apply what is pending. Safe to run from several processes at once.')
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgresql://… sealpay migrate deploy')
    .action(async (options, command) => {
      const { migrateDeploy } = await import('../storage/migrate.ts')
      const applied = await onDatabase(options, (url) => migrateDeploy({ url, directory: MIGRATIONS }))
      const text = applied.length > 0 ? `applied:\n  ${applied.join('\n  ')}` : 'nothing to apply'
      tell(command.optsWithGlobals(), { applied }, text)
    })

  add('resolve', 'Mark a failed migration as rolled back, so that deploy tries it again.')
    .argument('<migration>', 'its name, as status shows it')
    .addHelpText('after', '\nExample:\n  sealpay migrate resolve 20261124140000_init')
    .action(async (name, options, command) => {
      const { resolveRolledBack } = await import('../storage/migrate.ts')
      await onDatabase(options, (url) => resolveRolledBack({ url, directory: MIGRATIONS }, name))
      tell(command.optsWithGlobals(), { rolledBack: name }, `${name} is marked as rolled back`)
    })
}

/** Of the environment, or with --dev the embedded one, started for the moment unless it runs already. */
async function onDatabase<T>({ dev, directory }: Where, work: (url: string) => Promise<T>): Promise<T> {
  if (!dev) {
    const url = process.env['DATABASE_URL']
    if (!url)
      throw new ConfigFault(['DATABASE_URL is not set: set it, or use --dev for the embedded database'])
    return work(url)
  }
  const { borrowEmbeddedPostgres } = await import('../storage/embedded/embedded-postgres.ts')
  const home = path.resolve(directory)
  makeDirectory(home)
  const database = await borrowEmbeddedPostgres({ directory: databaseDirectory(home) })
  try {
    return await work(database.url)
  } finally {
    await database.giveBack()
  }
}

function isCurrent({ pending, failed, edited }: MigrationStatus): boolean {
  return pending.length + failed.length + edited.length === 0
}

const MEANING: Readonly<Record<keyof MigrationStatus, string>> = {
  applied: 'applied',
  pending: 'pending: sealpay migrate deploy applies them',
  failed: 'failed: repair the cause, then sealpay migrate resolve',
  edited: 'changed after they were applied: put the files back',
  unknown: 'unknown here: a newer release has been at this database',
}

function describeStatus(status: MigrationStatus): string {
  const parts = (Object.keys(MEANING) as (keyof MigrationStatus)[])
    .filter((key) => status[key].length > 0)
    .map((key) => `${MEANING[key]}\n  ${status[key].join('\n  ')}`)
  return parts.length > 0 ? parts.join('\n') : 'no migrations'
}

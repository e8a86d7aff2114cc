/** `sealpay token`: a token of the development issuer, to act as someone. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import path from 'node:path'
import { demoIdentities } from '../auth/demo-identities.ts'
import { ROLES, type Role } from '../domain/principal.ts'
import { DEFAULT_DIRECTORY, issuerDirectory } from './dev-directory.ts'
import { parseDuration } from './durations.ts'
import { UsageFault } from './faults.ts'
import { tell, type Program } from './terminal.ts'

const EXAMPLES = `
Examples:
  sealpay token --role SUPPORT
  sealpay token --role ADMIN --role AUDITOR --subject me --expires 8h
  sealpay token --role CUSTOMER --customer customer_0198c0de7a1b7c3d8e4f5a6b7c8d9e0f`

export function registerToken(program: Program): void {
  program
    .command('token')
    .description('Issue a development token. Only a server that was started with --dev accepts it.')
    .addOption(
      new Option('--role <role...>', 'the roles of the token').argParser(addRole).makeOptionMandatory(),
    )
    .option('--customer <id>', 'the customer that the caller is; the demo customer for CUSTOMER alone')
    .option('--subject <name>', 'who the caller is; one of the demo identities when left out')
    .option('--expires <duration>', 'such as 90s, 15m, 1h or 7d', parseDuration, 3600)
    .option('--directory <path>', 'where the development files are', DEFAULT_DIRECTORY)
    .addHelpText('after', EXAMPLES)
    .action(async ({ role, customer, subject, expires, directory }, command) => {
      if (process.env['SEALPAY_MODE'] === 'production') {
        throw new UsageFault('Development tokens exist only outside production (SEALPAY_MODE).')
      }
      const { createDevIssuer } = await import('../auth/dev-issuer.ts')
      const issuer = await createDevIssuer({ directory: issuerDirectory(path.resolve(directory)) })
      const identity = demoIdentities.find((demo) => role.length === 1 && demo.role === role[0])
      const token = await issuer.issueToken({
        subject: subject ?? identity?.subject ?? 'developer',
        roles: role,
        customerId: customer === undefined ? identity?.customerId : await rowOf(customer),
        expiresInSeconds: expires,
      })
      tell(command.optsWithGlobals(), { token, expiresInSeconds: expires }, token)
    })
}

function addRole(text: string, earlier: readonly Role[] | undefined): readonly Role[] {
  const role = ROLES.find((known) => known === text.toUpperCase())
  if (role === undefined) throw new InvalidArgumentError(`It is one of ${ROLES.join(', ')}.`)
  return [...(earlier ?? []), role]
}

/** A customer as the API names it, or as the database does. */
async function rowOf(id: string): Promise<string> {
  const [{ rowIdOf }, { isRowId }] = await Promise.all([
    import('../graphql/node-id.ts'),
    import('../domain/row-id.ts'),
  ])
  const row = isRowId(id) ? id : rowIdOf('Customer', id)
  if (row === null) throw new UsageFault('--customer is no id of a customer, such as customer_0198c0de….')
  return row
}

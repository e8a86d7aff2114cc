/** `sealpay schema`: what the API offers, and what it protects. */
import { printSchema } from 'graphql'
import { tell, type Program } from './terminal.ts'

export function registerSchema(program: Program): void {
  const schema = program.command('schema').description('Show the schema and its protection.')

  schema
    .command('print')
    .description('Print the schema that is served; descriptions say what the directives do.')
    .addHelpText('after', '\nExample:\n  sealpay schema print > sealpay.graphql')
    .action(async (_options, command) => {
      const sdl = printSchema(await servedSchema())
      tell(command.optsWithGlobals(), { sdl }, sdl)
    })

  schema
    .command('policy')
    .description('Print who may see each field, how it is masked and whether it is sealed.')
    .option('--markdown', 'as a table for documentation')
    .addHelpText('after', '\nExample:\n  sealpay schema policy --json')
    .action(async (options, command) => {
      const { describePolicy, printPolicy, printPolicyAsMarkdown } =
        await import('../graphql/directives/kit.ts')
      const rows = describePolicy(await declaredSchema())
      const text = options.markdown ? printPolicyAsMarkdown(rows) : printPolicy(rows)
      tell(command.optsWithGlobals(), rows, text.trimEnd())
    })
}

async function declaredSchema() {
  const { buildSchema } = await import('../graphql/build-schema.ts')
  return buildSchema()
}

async function servedSchema() {
  const [{ protectSchema }, { MODELS, protection }, { sealedMap }] = await Promise.all([
    import('../graphql/directives/kit.ts'),
    import('../graphql/protection.ts'),
    import('../storage/generated/sealed-map.ts'),
  ])
  return protectSchema(await declaredSchema(), protection, { map: sealedMap, models: MODELS })
}

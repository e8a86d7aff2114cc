/**
 * The Prisma generator `sealed`. In schema.prisma:
 *
 *     generator sealed {
 *       provider = "node node_modules/sealpay/dist/storage/sealed-generator.js"
 *       output   = "./generated/sealed-map.ts"
 *     }
 *
 * `prisma generate` then writes the sealed map from the `/// @encrypted(...)` annotations, and fails with every
 * fault listed when one of them is wrong. `kit` says where the module imports its types from.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import helper, { type GeneratorOptions } from '@prisma/generator-helper'
import { printSealedModule } from './sealed-module.ts'
import { readSealedSchema } from './sealed-schema.ts'

helper.generatorHandler({
  onManifest: () => ({ prettyName: 'the sealed map', defaultOutput: './generated/sealed-map.ts' }),
  onGenerate: async (options) => {
    await Promise.resolve(options).then(writeSealedMap)
  },
})

function writeSealedMap({ generator, dmmf, datamodel }: GeneratorOptions): void {
  const output = generator.output?.value
  if (output == null) throw new Error('The `sealed` generator needs an `output`.')
  const schema = readSealedSchema(dmmf.datamodel, datamodel)
  if (schema.faults.length > 0) {
    const faults = schema.faults.map((fault) => `  - ${fault}`).join('\n')
    throw new Error(`The @encrypted annotations are wrong:\n${faults}`)
  }
  const kit = generator.config['kit'] ?? 'sealpay/prisma'
  mkdirSync(dirname(output), { recursive: true })
  writeFileSync(output, printSealedModule(schema, String(kit)))
}

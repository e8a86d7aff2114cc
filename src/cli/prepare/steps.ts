/** What is generated before the server or a test can run. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Step } from './step.ts'

const GENERATOR = ['src/storage/sealed-*.ts', 'src/storage/stored-map.ts', 'package-lock.json']

const STEPS: readonly (Step & { readonly source: string })[] = [
  {
    name: 'Prisma client',
    source: 'prisma/schema.prisma',
    inputs: ['prisma/schema.prisma', 'prisma.config.ts', ...GENERATOR],
    output: 'src/storage/generated/sealed-map.ts',
    command: ['prisma', 'generate', '--no-hints'],
  },
  {
    name: 'Prisma client of the tests',
    source: 'test/support/prisma/schema.prisma',
    inputs: ['test/support/prisma/schema.prisma', ...GENERATOR],
    output: 'test/support/generated/sealed-map.ts',
    command: ['prisma', 'generate', '--no-hints', '--schema', 'test/support/prisma/schema.prisma'],
  },
  {
    name: 'GraphQL types',
    source: 'codegen.yml',
    inputs: ['codegen.yml', 'schema/**/*.graphql', 'package-lock.json'],
    output: 'src/graphql/generated/resolvers.ts',
    command: ['graphql-codegen', '--config', 'codegen.yml'],
  },
  {
    name: 'Playground',
    source: 'src/playground/vite.config.ts',
    inputs: ['src/playground/**', 'package-lock.json'],
    output: 'dist/playground/index.html',
    command: ['vite', 'build', '--logLevel', 'warn', 'src/playground'],
  },
]

/** The steps whose source is in this directory: a package without tests has no schema of the tests. */
export function stepsIn(root: string): Step[] {
  return STEPS.filter(({ source }) => existsSync(path.join(root, source))).map(
    ({ name, inputs, output, command }) => ({ name, inputs, output, command }),
  )
}

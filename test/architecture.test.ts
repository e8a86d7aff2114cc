import { describe, expect, it } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

/**
 * Who may import whom. A layer that needs something from above gets it as an argument from app.ts.
 * `directives` is src/graphql/directives: with crypto, kms and storage it stands alone, and knows no payment.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  config: ['errors'],
  kms: ['errors'],
  crypto: ['errors', 'kms'],
  storage: ['errors', 'crypto', 'kms'],
  gateway: ['errors'],
  domain: ['errors', 'crypto', 'storage', 'gateway'],
  auth: ['errors', 'domain/principal'],
  directives: ['errors', 'crypto'],
  graphql: ['errors', 'crypto', 'domain', 'directives'],
  server: ['errors', 'auth', 'domain', 'directives', 'graphql'],
  app: [
    'errors',
    'config',
    'kms',
    'crypto',
    'storage',
    'gateway',
    'domain',
    'auth',
    'directives',
    'graphql',
    'server',
  ],
  main: ['errors', 'config', 'app'],
}

/** Packages that one layer alone may import, so that it can be replaced there. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  '@apollo/server': ['server'],
  '@prisma/client': ['storage'],
  '@prisma/adapter-pg': ['storage'],
  graphql: ['directives', 'graphql', 'server', 'app', 'cli'],
  jose: ['auth'],
  pg: ['storage', 'domain', 'cli'],
  pino: ['server', 'app', 'main', 'cli'],
  '@faker-js/faker': ['directives', 'domain', 'cli'],
}

const root = join(import.meta.dirname, '..')
const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter(
  (file) => !file.includes('/generated/') && !file.startsWith('src/playground/'),
)
const read = (file: string) => readFileSync(join(root, file), 'utf8')

function layerOf(file: string): string {
  if (file.startsWith('src/graphql/directives/')) return 'directives'
  return file.split('/')[1]!.replace(/\.ts$/, '')
}

function importsOf(file: string): string[] {
  return ts.preProcessFile(read(file), true, true).importedFiles.map(({ fileName }) => fileName)
}

function localImports(file: string): string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, join(root, dirname(file), name)))
}

/** `any` as a type; in a comment it is a word. */
function saysAny(file: string): boolean {
  const visit = (node: ts.Node): boolean =>
    node.kind === ts.SyntaxKind.AnyKeyword || (ts.forEachChild(node, visit) ?? false)
  return visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest))
}

const valueImports = (file: string) =>
  localImports(file).filter((target) => {
    const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest)
    return source.statements.some(
      (statement) =>
        (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) &&
        statement.moduleSpecifier !== undefined &&
        ts.isStringLiteral(statement.moduleSpecifier) &&
        relative(root, join(root, dirname(file), statement.moduleSpecifier.text)) === target &&
        !(ts.isImportDeclaration(statement)
          ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
          : statement.isTypeOnly),
    )
  })

function cyclesFrom(start: string): string | null {
  const path: string[] = []
  const done = new Set<string>()
  const visit = (file: string): string | null => {
    const at = path.indexOf(file)
    if (at >= 0) return [...path.slice(at), file].join(' -> ')
    if (done.has(file) || !files.includes(file)) return null
    path.push(file)
    for (const target of valueImports(file)) {
      const cycle = visit(target)
      if (cycle !== null) return cycle
    }
    path.pop()
    done.add(file)
    return null
  }
  return visit(start)
}

describe('the architecture', () => {
  it('reads every source file', () => {
    expect(files.length).toBeGreaterThan(50)
  })

  it('imports only downwards, by the table', () => {
    const faults = files.flatMap((file) => {
      const allowed = MAY_IMPORT[layerOf(file)]
      if (allowed === undefined) return layerOf(file) === 'cli' ? [] : [`${file} is in no layer`]
      return localImports(file)
        .filter((target) => {
          const layer = layerOf(target)
          const exact = target.replace(/^src\//, '').replace(/\.ts$/, '')
          return layer !== layerOf(file) && !allowed.includes(layer) && !allowed.includes(exact)
        })
        .map((target) => `${file} imports ${target}`)
    })
    expect(faults).toEqual([])
  })

  it('keeps each driver in its layer', () => {
    const faults = files.flatMap((file) =>
      importsOf(file)
        .filter((name) => !name.startsWith('.'))
        .flatMap((name) => {
          const owner = Object.keys(ONLY_IN).find((it) => name === it || name.startsWith(`${it}/`))
          return owner !== undefined && !ONLY_IN[owner]!.includes(layerOf(file))
            ? [`${file} imports ${name}`]
            : []
        }),
    )
    expect(faults).toEqual([])
  })

  it('has no import cycle', () => {
    expect(files.map(cyclesFrom).filter((cycle) => cycle !== null)).toEqual([])
  })

  it('keeps files under 300 lines', () => {
    const tests = globSync('test/**/*.ts', { cwd: root }).filter((file) => !file.includes('/generated/'))
    const long = [...files, ...tests].filter((file) => read(file).split('\n').length > 300)
    expect(long).toEqual([])
  })

  it('reads the environment in config.ts and at the edges of the process only', () => {
    const readers = files.filter((file) => /\bprocess\.env\b/.test(read(file)))
    expect(readers.filter((file) => file !== 'src/main.ts' && !file.startsWith('src/cli/'))).toEqual([])
  })

  it('has no console outside the command line, no any, and no switched-off check', () => {
    const faults = files.filter(
      (file) => /@ts-(ignore|expect-error|nocheck)|eslint-disable/.test(read(file)) || saysAny(file),
    )
    const talkers = files.filter((file) => !file.startsWith('src/cli/') && /\bconsole\./.test(read(file)))
    expect([...faults, ...talkers]).toEqual([])
  })

  it('has no folder that says nothing', () => {
    expect(files.filter((file) => /\/(utils?|helpers?|common|shared|misc)[/.]/.test(file))).toEqual([])
  })
})

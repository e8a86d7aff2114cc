import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import * as kit from '../../../src/graphql/directives/kit.ts'

const directory = join(import.meta.dirname, '../../../src/graphql/directives')

describe('sealpay/directives', () => {
  it('offers what protects a schema of one’s own', () => {
    expect(Object.keys(kit).sort()).toEqual([
      'authoriseOperation',
      'createAuthoriser',
      'describePolicy',
      'directiveTypeDefs',
      'printPolicy',
      'printPolicyAsMarkdown',
      'protectSchema',
    ])
  })

  it('stands alone: it imports nothing of the payment service', () => {
    const imports = globSync('**/*.ts', { cwd: directory }).flatMap((file) =>
      Array.from(
        readFileSync(join(directory, file), 'utf8').matchAll(/from '([^']+)'/g),
        ([, name]) => name!,
      ),
    )
    const foreign = imports.filter((name) => !/^\.\.?\/[a-z/-]+\.ts$/.test(name) || name.includes('../../..'))
    const packages = foreign.filter((name) => !name.startsWith('.'))
    expect(new Set(packages)).toEqual(
      new Set(['graphql', '@graphql-tools/utils', '@faker-js/faker/locale/en', 'node:crypto']),
    )
    const outside = imports.filter((name) => name.startsWith('../../'))
    expect(outside.filter((name) => !/\/(errors|crypto\/(sealed|field-spec))\.ts$/.test(name))).toEqual([])
  })
})

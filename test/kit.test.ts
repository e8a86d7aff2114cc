/** docs/kit.md: its schema is one that the kit takes, and its names are exported where it says. */
import { describe, expect, it } from '@jest/globals'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SealedMap } from '../src/crypto/field-spec.ts'
import * as directives from '../src/graphql/directives/kit.ts'
import * as kms from '../src/kms/kms-kit.ts'
import * as prisma from '../src/storage/prisma-kit.ts'

const root = join(import.meta.dirname, '..')
const guide = readFileSync(join(root, 'docs/kit.md'), 'utf8')
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, { readonly default: string }>>
}

const sdl = /^```graphql\n(.*?)^```/ms.exec(guide)?.[1] ?? ''
const email = { model: 'Patient', field: 'email', keyring: 'patient', type: 'String' } as const
const map: SealedMap = { Patient: { model: 'Patient', id: 'id', fields: { email }, relations: {} } }

describe('the kit', () => {
  it('protects the schema that its guide shows', () => {
    const schema = makeExecutableSchema({ typeDefs: [directives.directiveTypeDefs, sdl] })
    const protection: directives.Protection<unknown> = {
      principalOf: () => null,
      ownedTypes: [],
      ownsRecord: () => false,
      recordOf: () => null,
      opened: () => undefined,
      refused: () => undefined,
    }
    const guarded = directives.protectSchema(schema, protection, { map, models: { Patient: 'Patient' } })
    const policy = directives.printPolicy(directives.describePolicy(guarded))
    expect(policy).toContain('Patient.email | DOCTOR, NURSE | EMAIL | DOCTOR | sealed')
  })

  it('exports what its guide names, from the files that the package offers', () => {
    expect(Object.values(exports).map((entry) => entry.default)).toEqual([
      './dist/storage/prisma-kit.js',
      './dist/graphql/directives/kit.js',
      './dist/kms/kms-kit.js',
    ])
    const exported: Record<string, unknown> = { ...prisma, ...directives, ...kms }
    for (const name of ['sealExtension', 'sealedChecks', 'sealing', 'createFieldCipher', 'createKeyrings']) {
      expect(guide).toContain(name)
      expect(typeof exported[name]).toBe('function')
    }
    for (const name of [
      'protectSchema',
      'authoriseOperation',
      'describePolicy',
      'printPolicy',
      'createLocalKms',
    ]) {
      expect(guide).toContain(name)
      expect(typeof exported[name]).toBe('function')
    }
  })
})

import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GraphQLEnumType } from 'graphql'
import { ROLES } from '../../src/domain/principal.ts'
import { PAYMENT_STATUSES } from '../../src/domain/status.ts'
import { buildSchema } from '../../src/graphql/build-schema.ts'
import {
  describePolicy,
  printPolicy,
  printPolicyAsMarkdown,
  protectSchema,
} from '../../src/graphql/directives/kit.ts'
import { MODELS, protection } from '../../src/graphql/protection.ts'
import { sealedMap } from '../../src/storage/generated/sealed-map.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const schema = buildSchema()
const valuesOf = (name: string) => {
  const type = schema.getType(name)
  if (!(type instanceof GraphQLEnumType)) throw new Error(`${name} is no enum`)
  return type.getValues().map((value) => value.name)
}

describe('the policy', () => {
  it('of the schema is the one that was reviewed: after a change, `npm run policy` and read the diff', () => {
    expect(printPolicy(describePolicy(schema))).toBe(read('schema/policy.lock'))
  })

  it('in the docs is the same', () => {
    expect(read('docs/policy.md')).toContain(printPolicyAsMarkdown(describePolicy(schema)))
  })

  it('names the roles and statuses that the code knows', () => {
    expect(valuesOf('Role').sort()).toEqual([...ROLES].sort())
    expect(valuesOf('PaymentStatus').sort()).toEqual([...PAYMENT_STATUSES].sort())
  })

  it('is told in the description of each protected field', () => {
    const guarded = protectSchema(schema, protection, { map: sealedMap, models: MODELS })
    const customer = guarded.getType('Customer')
    const description = customer && 'getFields' in customer ? customer.getFields()['email']?.description : ''
    expect(description).toMatch(/EMAIL.*ADMIN/s)
  })
})

import { describe, expect, it } from '@jest/globals'
import { printSchema } from 'graphql'
import { describePolicy, printPolicy, printPolicyAsMarkdown } from '../../../src/graphql/directives/policy.ts'
import { protectSchema } from '../../../src/graphql/directives/protect-schema.ts'
import { build, protection, sealedPeople } from './harness.ts'

const SDL = `
  type Query { ping: String @public person(all: Boolean @requiresRole(anyOf: [ADMIN])): Person @requiresRole(anyOf: [SUPPORT, ADMIN]) }
  "A person."
  type Person @requiresRole(anyOf: [SUPPORT, ADMIN, CUSTOMER]) {
    "The email."
    email: String @masked(strategy: EMAIL, unless: [ADMIN], unlessOwner: true) @encrypted
    card: String @masked(last: 4) @requiresRole(anyOf: [ADMIN])
    address: Address
  }
  type Address { city: String }
  input Filter { "By email." email: String @requiresRole(anyOf: [ADMIN]) name: String }
  enum Status { OPEN ERASED @requiresRole(anyOf: [ADMIN]) }
`
const schema = build(SDL)
const guarded = protectSchema(schema, protection, sealedPeople('email'))

describe('the policy', () => {
  it('is one line a coordinate, in order', () => {
    expect(printPolicy(describePolicy(schema))).toBe(
      `# coordinate | access | mask | unless | sealing
Address.city | - | - | - | -
Filter.email | ADMIN | - | - | -
Person.address | ADMIN, CUSTOMER, SUPPORT | - | - | -
Person.card | ADMIN | PARTIAL(first: 0, last: 4, with: "*") | - | -
Person.email | ADMIN, CUSTOMER, SUPPORT | EMAIL | ADMIN, owner | sealed
Query.person | ADMIN, SUPPORT | - | - | -
Query.person(all:) | ADMIN | - | - | -
Query.ping | public | - | - | -
Status.ERASED | ADMIN | - | - | -
`,
    )
  })

  it('is a table in the docs', () => {
    const row = describePolicy(schema).filter(({ coordinate }) => coordinate === 'Person.email')
    expect(printPolicyAsMarkdown(row)).toBe(
      `| Coordinate | Access | Mask | In clear for | Sealing |
| --- | --- | --- | --- | --- |
| \`Person.email\` | ADMIN, CUSTOMER, SUPPORT | EMAIL | ADMIN, owner | sealed |
`,
    )
  })

  it('is the same before and after the schema is protected', () => {
    expect(describePolicy(guarded)).toEqual(describePolicy(schema))
  })
})

describe('descriptions', () => {
  const printed = printSchema(guarded).replace(/ +$/gm, '')

  it.each([
    [
      'a sealed and masked field',
      'The email.\n\n  **Access:** SUPPORT, ADMIN, CUSTOMER. **Masked** (EMAIL) unless ADMIN or the owner. **Sealed** at rest; opening is audited.',
    ],
    [
      'a field masked for everyone',
      '"""**Access:** ADMIN. **Masked** (PARTIAL, first 0, last 4) for everyone."""',
    ],
    ['an argument', '"""**Access:** ADMIN."""\n    all: Boolean'],
    ['an input field', 'By email.\n\n  **Access:** ADMIN.\n  """\n  email: String'],
    ['an enum value', '"""**Access:** ADMIN."""\n  ERASED'],
  ])('say what the directives of %s do', (_name, text) => {
    expect(printed).toContain(text)
  })

  it('say nothing of what is not protected', () => {
    expect(printed).toContain('type Address {\n  city: String\n}')
    expect(guarded.getQueryType()?.getFields()['ping']?.description).toBeUndefined()
  })

  it('do not grow when a schema that was printed with them is built again', () => {
    const typed = SDL.replace('"The email."', '"""\nThe email.\n\n**Access:** NOBODY, once.\n"""')
    const again = protectSchema(build(typed), protection, sealedPeople('email'))
    expect(printSchema(again)).toBe(printSchema(guarded))
  })

  it('leave the schema that was given as it was', () => {
    expect(printSchema(schema)).not.toContain('**Access:**')
  })
})

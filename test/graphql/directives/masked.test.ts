import { describe, expect, it } from '@jest/globals'
import { fakeValue } from '../../../src/graphql/directives/fake.ts'
import {
  anonymous,
  ask,
  askSlowly,
  callerWith,
  protect,
  seal,
  sealedPeople,
  sealForGood,
  sealSlowly,
} from './harness.ts'

/** One field under test: with `@encrypted` its value is sealed, without it is plain. */
function schemaWith(field: string, directives: string, isSealed = true) {
  const type = field.includes(':') ? field : `${field}: String`
  const name = type.slice(0, type.indexOf(':'))
  return protect(
    `type Query { person: Person @public }
     type Person @requiresRole(anyOf: [SUPPORT, ADMIN, CUSTOMER]) {
       ${type} ${directives} ${isSealed ? '@encrypted' : ''}
     }`,
    {},
    isSealed ? sealedPeople(name) : undefined,
  )
}

const personWith = (name: string, value: unknown, owner = 'nobody') => {
  return { person: { id: 'p1', owner, [name]: value } }
}

function show(
  schema: ReturnType<typeof schemaWith>,
  name: string,
  value: unknown,
  role = 'SUPPORT',
  owner = 'nobody',
) {
  const caller = callerWith(role)
  const answer = ask({
    schema,
    query: `{ person { value: ${name} } }`,
    caller,
    root: personWith(name, value, owner),
  })
  return { ...answer, opened: caller.opened }
}

const of = (value: unknown) => ({ person: { value } })
const opening = (field: string, shown: 'CLEAR' | 'MASKED') => [{ type: 'Person', id: 'p1', field, shown }]

const STRATEGIES = [
  ['email', '@masked(strategy: EMAIL, unless: [ADMIN])', 'alice@example.com', 'a***@example.com', true],
  ['phone', '@masked(strategy: PHONE, unless: [ADMIN])', '+44 20 7946 0018', '+** ** **** **18', true],
  ['card', '@masked(last: 4, unless: [ADMIN])', '4111 1111 1111 1234', '**** **** **** 1234', true],
  ['name', '@masked(first: 1, with: "•", unless: [ADMIN])', 'Ada', 'A••', true],
  ['note', '@masked(strategy: REDACT, unless: [ADMIN])', 'owes us', '[redacted]', false],
  ['code', '@masked(strategy: NULL, unless: [ADMIN])', '123', null, false],
  [
    'company',
    '@masked(strategy: FAKE, unless: [ADMIN])',
    'Acme',
    fakeValue({ type: 'Person', id: 'p1' }, 'company'),
    false,
  ],
] as const

describe.each(STRATEGIES)('a masked %s, by %s', (field, directive, value, mask, opens) => {
  const sealed = schemaWith(field, directive)
  const plain = schemaWith(field, directive, false)

  it('shows the mask of a sealed value, and opens it only when the mask is made from it', () => {
    const answer = show(sealed, field, opens ? seal(field, value) : sealForGood(field))
    expect(answer).toEqual({ data: of(mask), errors: [], opened: opens ? opening(field, 'MASKED') : [] })
  })

  it('shows the mask of a plain value', () => {
    expect(show(plain, field, value)).toEqual({ data: of(mask), errors: [], opened: [] })
  })

  it('shows the value to a role in unless', () => {
    expect(show(sealed, field, seal(field, value), 'ADMIN')).toEqual({
      data: of(value),
      errors: [],
      opened: opening(field, 'CLEAR'),
    })
    expect(show(plain, field, value, 'ADMIN')).toEqual({ data: of(value), errors: [], opened: [] })
  })

  it('leaves null as it is, and reports no opening', () => {
    expect(show(sealed, field, null)).toEqual({ data: of(null), errors: [], opened: [] })
    expect(show(sealed, field, undefined, 'ADMIN')).toEqual({ data: of(null), errors: [], opened: [] })
  })

  it('answers nothing when a value that should be sealed is not, to nobody', () => {
    for (const role of ['SUPPORT', 'ADMIN']) {
      expect(show(sealed, field, value, role)).toEqual({
        data: of(null),
        errors: ['person.value INTERNAL_SERVER_ERROR'],
        opened: [],
      })
    }
  })

  it('answers nothing when a sealed value reaches it without @encrypted', () => {
    expect(show(plain, field, sealForGood(field))).toEqual({
      data: of(null),
      errors: ['person.value INTERNAL_SERVER_ERROR'],
      opened: [],
    })
  })
})

describe('who sees a masked field in clear', () => {
  const owned = schemaWith('email', '@masked(strategy: EMAIL, unless: [ADMIN], unlessOwner: true)')
  const everyone = schemaWith('email', '@masked(strategy: EMAIL)')
  const email = seal('email', 'alice@example.com')

  it.each([
    ['the owner', 'CUSTOMER', 'caller', 'alice@example.com'],
    ['another customer', 'CUSTOMER', 'someone', 'a***@example.com'],
    ['a role in unless', 'ADMIN', 'someone', 'alice@example.com'],
    ['a role that is not', 'SUPPORT', 'someone', 'a***@example.com'],
  ])('%s', (_name, role, owner, value) => {
    expect(show(owned, 'email', email, role, owner).data).toEqual(of(value))
  })

  it('is nobody when nobody is named, not even the owner', () => {
    expect(show(everyone, 'email', email, 'ADMIN', 'caller').data).toEqual(of('a***@example.com'))
  })

  it('is whoever holds one of several roles', () => {
    const caller = callerWith('SUPPORT', 'ADMIN')
    const root = personWith('email', email)
    expect(ask({ schema: owned, query: '{ person { email } }', caller, root }).data).toEqual({
      person: { email: 'alice@example.com' },
    })
  })

  it('is never someone without a token', () => {
    const caller = anonymous()
    const root = personWith('email', sealForGood('email'))
    expect(ask({ schema: owned, query: '{ person { email } }', caller, root })).toEqual({
      data: { person: { email: null } },
      errors: ['person.email UNAUTHENTICATED'],
    })
  })
})

describe('lists', () => {
  const list = schemaWith('emails: [String]', '@masked(strategy: EMAIL, unless: [ADMIN])')
  const nested = schemaWith('cards: [[String!]!]', '@masked(last: 4, unless: [ADMIN])', false)
  const nulled = schemaWith('codes: [String!]', '@masked(strategy: NULL)')
  const emails = () => [seal('emails', 'alice@example.com'), null, seal('emails', 'bob@example.com')]

  it('masks each item, and reports one opening', () => {
    expect(show(list, 'emails', emails())).toEqual({
      data: of(['a***@example.com', null, 'b***@example.com']),
      errors: [],
      opened: opening('emails', 'MASKED'),
    })
  })

  it('opens each item for a role in unless, from any iterable', () => {
    expect(show(list, 'emails', new Set(emails()), 'ADMIN')).toEqual({
      data: of(['alice@example.com', null, 'bob@example.com']),
      errors: [],
      opened: opening('emails', 'CLEAR'),
    })
  })

  it('masks the items of a list that was sealed whole', () => {
    expect(show(list, 'emails', seal('emails', ['alice@example.com', null])).data).toEqual(
      of(['a***@example.com', null]),
    )
  })

  it('masks lists in lists', () => {
    expect(show(nested, 'cards', [['12345678'], [], ['123', '1234567890']]).data).toEqual(
      of([['****5678'], [], ['***', '******7890']]),
    )
  })

  it('is null as a whole with NULL, and does not tell how long it is', () => {
    expect(show(nulled, 'codes', [sealForGood('codes'), sealForGood('codes')]).data).toEqual(of(null))
  })

  it('answers nothing when one item is not sealed', () => {
    expect(show(list, 'emails', [...emails(), 'carol@example.com'])).toMatchObject({
      data: of(null),
      opened: [],
    })
  })

  it('masks nothing of an empty list, and reports no opening', () => {
    expect(show(list, 'emails', [])).toEqual({ data: of([]), errors: [], opened: [] })
  })
})

describe('values that come later', () => {
  const schema = schemaWith('emails: [String]', '@masked(strategy: EMAIL, unless: [ADMIN])')
  const later = async (value: unknown, role: string) => {
    const caller = callerWith(role)
    const root = personWith('emails', value)
    const answer = await askSlowly({ schema, query: '{ person { value: emails } }', caller, root })
    return { ...answer, opened: caller.opened }
  }

  it('are opened and masked when the key must be unwrapped, the resolver promises, or an item does', async () => {
    const values = [
      [sealSlowly('emails', 'alice@example.com')],
      Promise.resolve([seal('emails', 'alice@example.com')]),
      [Promise.resolve(seal('emails', 'alice@example.com'))],
    ]
    for (const value of values) {
      expect(await later(value, 'SUPPORT')).toEqual({
        data: of(['a***@example.com']),
        errors: [],
        opened: opening('emails', 'MASKED'),
      })
    }
  })

  it('are no way round the check, and leave no rejection unheard', async () => {
    const failing = [
      sealSlowly('emails', Promise.reject(new Error('late'))),
      'plain',
      Promise.reject(new Error('later')),
    ]
    expect(await later(failing, 'ADMIN')).toMatchObject({ data: of(null), opened: [] })
  })
})

describe('what cannot be masked as text', () => {
  const schema = schemaWith('card', '@masked(last: 4)', false)

  it('is masked when it is a number, which String would print', () => {
    expect(show(schema, 'card', 12345678).data).toEqual(of('****5678'))
    expect(show(schema, 'card', 12345678n).data).toEqual(of('****5678'))
  })

  it.each([[{ toJSON: () => 'secret' }], [true], [Symbol('secret')]])('is refused: %p', (value) => {
    expect(show(schema, 'card', value)).toEqual({
      data: of(null),
      errors: ['person.value INTERNAL_SERVER_ERROR'],
      opened: [],
    })
  })
})

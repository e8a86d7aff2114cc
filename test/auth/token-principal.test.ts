import { describe, expect, it } from '@jest/globals'
import { parseClaimPath, readPrincipal } from '../../src/auth/token-principal.ts'
import { CUSTOMER_ID } from './fictional-issuer.ts'

function rolesIn(claims: string, path: string | readonly string[] = 'roles'): string[] {
  const parsed = JSON.parse(claims) as Record<string, unknown>
  const principal = readPrincipal({ sub: 'u', ...parsed }, parseClaimPath(path), ['customer_id'])
  return [...principal.roles]
}

describe('where roles are found', () => {
  it.each([
    ['a claim', 'roles', '{"roles":["ADMIN"]}'],
    ['a claim in a claim, as in Keycloak', 'realm_access.roles', '{"realm_access":{"roles":["ADMIN"]}}'],
    [
      'a claim with an address for a name, as in Auth0',
      'https://example.com/roles',
      '{"https://example.com/roles":["ADMIN"]}',
    ],
    [
      'a JSON Pointer',
      '/resource_access/my.client/roles',
      '{"resource_access":{"my.client":{"roles":["ADMIN"]}}}',
    ],
    ['a JSON Pointer with escapes', '/a~1b~0c', '{"a/b~c":["ADMIN"]}'],
    ['a list of names', ['a.b', 'c'], '{"a.b":{"c":["ADMIN"]}}'],
  ])('%s', (_what, path, claims) => {
    expect(rolesIn(claims, path)).toEqual(['ADMIN'])
  })

  it.each(['', '.', 'a..b', 'a.', '/', '/a//b'])('refuses the path %j', (path) => {
    expect(() => parseClaimPath(path)).toThrow(TypeError)
  })

  it('refuses an empty list of names', () => {
    expect(() => parseClaimPath([])).toThrow(TypeError)
  })

  it.each(['__proto__.roles', 'constructor.name', 'toString', 'realm_access.roles.length', 'roles.0'])(
    'finds nothing at %s',
    (path) => {
      expect(rolesIn('{"roles":["ADMIN"],"realm_access":"ADMIN"}', path)).toEqual([])
    },
  )
})

describe('what counts as a role', () => {
  it.each([
    ['a list', '["SUPPORT","FINANCE"]', ['SUPPORT', 'FINANCE']],
    ['a text with spaces, as in scope', '"SUPPORT FINANCE"', ['SUPPORT', 'FINANCE']],
    ['a repeated name', '["SUPPORT","SUPPORT"]', ['SUPPORT']],
    ['a role that is not ours', '["offline_access","SUPPORT","ROOT"]', ['SUPPORT']],
    ['another case', '["admin","Admin"]', []],
    ['white space around a name', '[" ADMIN","ADMIN "]', []],
    ['commas', '"ADMIN,SUPPORT"', []],
    ['names in an inner list', '[["ADMIN"]]', []],
    ['an object', '{"ADMIN":true,"0":"ADMIN"}', []],
    ['names that every object has', '["constructor","__proto__","toString"]', []],
    ['a number, true and null', '[1,true,null]', []],
    ['null', 'null', []],
  ])('%s', (_what, value, roles) => {
    expect(rolesIn(`{"roles":${value}}`)).toEqual(roles)
  })

  it('takes a token without roles for someone without any', () => {
    expect(rolesIn('{}')).toEqual([])
  })
})

describe('the customer', () => {
  const principal = (customer: unknown, roles = ['CUSTOMER', 'SUPPORT']) =>
    readPrincipal({ sub: 'u', roles, customer_id: customer }, ['roles'], ['customer_id'])

  it('is who the claim names', () => {
    expect(principal(CUSTOMER_ID)).toMatchObject({
      customerId: CUSTOMER_ID,
      roles: new Set(['CUSTOMER', 'SUPPORT']),
    })
  })

  it('is written as ids are stored', () => {
    expect(principal(CUSTOMER_ID.toUpperCase()).customerId).toBe(CUSTOMER_ID)
  })

  it.each([
    undefined,
    null,
    '',
    'not-a-uuid',
    `${CUSTOMER_ID} `,
    `${CUSTOMER_ID}\n`,
    [CUSTOMER_ID],
    1,
    { id: CUSTOMER_ID },
  ])('is nobody for %j, and the role CUSTOMER goes with it', (customer) => {
    expect(principal(customer)).toMatchObject({ customerId: null, roles: new Set(['SUPPORT']) })
  })

  it('is nobody without the role CUSTOMER', () => {
    expect(principal(CUSTOMER_ID, ['SUPPORT']).customerId).toBeNull()
  })
})

describe('the subject', () => {
  it.each(['user-1', 'auth0|65f', 'CN=order-service', 'u'.repeat(255)])('may be %j', (sub) => {
    expect(readPrincipal({ sub }, ['roles'], ['customer_id']).id).toBe(sub)
  })

  it.each([
    undefined,
    null,
    '',
    1,
    ['user-1'],
    'u'.repeat(256),
    'a b',
    'a\nb',
    'a\u0000',
    '\u00e9',
    '\u202euser',
  ])('may not be %j', (sub) => {
    const read = () => readPrincipal({ sub }, ['roles'], ['customer_id'])
    expect(read).toThrow(expect.objectContaining({ code: 'SUBJECT' }))
  })
})

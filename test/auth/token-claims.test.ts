import { describe, expect, it } from '@jest/globals'
import {
  authenticatorFor,
  createKey,
  goodHeader,
  NOW,
  outcome,
  signTexts,
  signToken,
} from './fictional-issuer.ts'

const key = createKey('EdDSA', 'k1')
const SKEW = 5

async function outcomeOf(claims: object, header: object = {}, options = {}) {
  const authenticator = await authenticatorFor([key], options)
  return outcome(authenticator, `Bearer ${signToken(key, claims, header)}`)
}

/** The claims as text, for numbers that JSON.stringify would not write. */
async function outcomeOfText(claims: string) {
  const authenticator = await authenticatorFor([key])
  const token = signTexts(
    key,
    JSON.stringify(goodHeader(key)),
    `{"iss":"https://issuer.example","aud":"sealpay","sub":"u",${claims}}`,
  )
  return outcome(authenticator, `Bearer ${token}`)
}

const accepted = expect.objectContaining({ id: 'user-1' })

describe('the issuer and the audience', () => {
  it.each([
    undefined,
    null,
    '',
    'https://issuer.example/',
    'https://ISSUER.example',
    ['https://issuer.example'],
  ])('refuses the issuer %j', async (iss) => {
    expect(await outcomeOf({ iss })).toBe('ISSUER')
  })

  it.each([['sealpay'], [['sealpay']], [['other', 'sealpay']]])('takes the audience %j', async (aud) => {
    expect(await outcomeOf({ aud })).toEqual(accepted)
  })

  it.each([
    [undefined],
    [null],
    [''],
    ['Sealpay'],
    ['sealpay '],
    [[]],
    [['other']],
    [['sealpay', 1]],
    [{ sealpay: true }],
    [[['sealpay']]],
  ])('refuses the audience %j', async (aud) => {
    expect(await outcomeOf({ aud })).toBe('AUDIENCE')
  })
})

describe('the type', () => {
  it.each(['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt'])('may be %j', async (typ) => {
    expect(await outcomeOf({}, { typ })).toEqual(accepted)
  })

  it.each([
    undefined,
    null,
    '',
    'id+jwt',
    'dpop+jwt',
    'secevent+jwt',
    'at+jwt ',
    'application/application/jwt',
    ['JWT'],
  ])('may not be %j', async (typ) => {
    expect(await outcomeOf({}, { typ })).toBe('TYPE')
  })

  it('may be narrowed to access tokens', async () => {
    expect(await outcomeOf({}, { typ: 'JWT' }, { typ: ['at+jwt'] })).toBe('TYPE')
  })
})

describe('the times, to the second', () => {
  it.each([
    ['one second before it ends, with the skew', { exp: NOW - SKEW + 1 }, accepted],
    ['when it ends, with the skew', { exp: NOW - SKEW }, 'EXPIRED'],
    ['long after its end', { exp: 1 }, 'EXPIRED'],
    ['when it starts, with the skew', { nbf: NOW + SKEW }, accepted],
    ['one second before it starts, with the skew', { nbf: NOW + SKEW + 1 }, 'NOT_YET_VALID'],
    ['issued in the future, within the skew', { iat: NOW + SKEW }, accepted],
    ['issued in the future', { iat: NOW + SKEW + 1 }, 'NOT_YET_VALID'],
    ['without saying when it was issued', { iat: undefined }, accepted],
    ['without an end', { exp: undefined }, 'TIME_CLAIM'],
  ])('%s', async (_what, claims, expected) => {
    expect(await outcomeOf(claims)).toEqual(expected)
  })

  it.each([
    ['a text', '"exp":"1800000300"'],
    ['a fraction', '"exp":1800000300.5'],
    ['a negative number', '"exp":-1'],
    ['more than a number holds', '"exp":1e400'],
    ['milliseconds', '"exp":1800000300000'],
    ['an integer that is not exact', '"exp":9007199254740993'],
    ['true', '"exp":true'],
    ['null', '"exp":null'],
    ['a list', '"exp":[1800000300]'],
    ['a text for nbf', '"exp":1800000300,"nbf":"0"'],
    ['a negative nbf', '"exp":1800000300,"nbf":-1e400'],
    ['a text for iat', '"exp":1800000300,"iat":"0"'],
  ])('refuses %s', async (_what, claims) => {
    expect(await outcomeOfText(claims)).toBe('TIME_CLAIM')
  })

  it('reads 1.8000003e9 as the whole number that it is', async () => {
    expect(await outcomeOfText('"exp":1.8000003e9')).toMatchObject({ id: 'u' })
  })

  it.each([
    ['within the bound', { iat: NOW, exp: NOW + 600 }, accepted],
    ['beyond it', { iat: NOW, exp: NOW + 601 }, 'LIFETIME'],
    ['without iat', { iat: undefined, exp: NOW + 60 }, 'LIFETIME'],
  ])('bounds the lifetime when asked to: %s', async (_what, claims, expected) => {
    expect(await outcomeOf(claims, {}, { maxLifetimeSeconds: 600 })).toEqual(expected)
  })
})

describe('two readers of one token', () => {
  it.each(['exp', 'sub', 'roles', 'iss', 'aud'])('cannot see two values of %s', async (name) => {
    expect(await outcomeOfText(`"exp":1800000300,"roles":[],"${name}":1`)).toBe('DUPLICATE_NAME')
  })

  it('cannot see two inner lists of roles', async () => {
    const inner = String.raw`"exp":1800000300,"realm_access":{"roles":[],"r\u006fles":["ADMIN"]}`
    expect(await outcomeOfText(inner)).toBe('DUPLICATE_NAME')
  })
})

import { describe, expect, it } from '@jest/globals'
import {
  chooseAnswerType,
  GRAPHQL_TYPE,
  isJson,
  JSON_TYPE,
  prefersHtml,
} from '../../src/server/media-type.ts'

describe('chooseAnswerType', () => {
  it.each([
    [undefined, JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    ['application/json', JSON_TYPE],
    ['application/json; charset=utf-8', JSON_TYPE],
    ['APPLICATION/JSON', JSON_TYPE],
    ['application/graphql-response+json', GRAPHQL_TYPE],
    ['application/graphql-response+json; charset=utf-8, application/json; charset=utf-8', GRAPHQL_TYPE],
    ['application/json, application/graphql-response+json', JSON_TYPE],
    ['application/json;q=0.5, application/graphql-response+json', GRAPHQL_TYPE],
    ['application/graphql-response+json;q=0, */*', JSON_TYPE],
    ['text/html, */*;q=0.1', JSON_TYPE],
    ['text/html,application/graphql-response+json;q=0.2', GRAPHQL_TYPE],
  ])('answers %j in %s', (accept, type) => {
    expect(chooseAnswerType(accept)).toBe(type)
  })

  it.each([
    ['text/html'],
    ['application/json;q=0'],
    ['application/json;q=nonsense'],
    ['multipart/mixed'],
    [''],
  ])('refuses %j with 406', (accept) => {
    expect(() => chooseAnswerType(accept)).toThrow(expect.objectContaining({ status: 406 }))
  })
})

describe('prefersHtml', () => {
  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['text/html', true],
    ['*/*', false],
    ['application/json, text/html', false],
    ['application/json;q=0.9, text/html', true],
    [undefined, false],
  ])('says of %j: %s', (accept, answer) => {
    expect(prefersHtml(accept)).toBe(answer)
  })
})

describe('isJson', () => {
  it.each([
    ['application/json', true],
    ['application/json; charset=utf-8', true],
    ['application/json;charset="UTF-8"', true],
    ['application/json; charset=utf-16', false],
    ['application/json; charset=iso-8859-1', false],
    ['text/plain', false],
    ['text/plain; application/json', false],
    ['application/jsonp', false],
    ['multipart/form-data; boundary=x', false],
    ['application/x-www-form-urlencoded', false],
    ['', false],
    [undefined, false],
  ])('says of %j: %s', (type, answer) => {
    expect(isJson(type)).toBe(answer)
  })
})

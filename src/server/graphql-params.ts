import { BadUserInput } from '../errors.ts'
import { isJsonObject, parseJson, type JsonObject } from './json-input.ts'

/** What GraphQL over HTTP calls the request parameters. */
export interface GraphQLParams {
  readonly query: string
  readonly operationName: string | null
  readonly variables: JsonObject
}

const NONE: JsonObject = Object.freeze({})

function optional<T>(
  name: string,
  value: unknown,
  what: string,
  fits: (candidate: unknown) => candidate is T,
): T | null {
  if (value === undefined || value === null) return null
  if (!fits(value)) throw new BadUserInput(`"${name}" must be ${what}.`)
  return value
}

const isString = (value: unknown): value is string => typeof value === 'string'

function readParams(from: JsonObject): GraphQLParams {
  const query = from['query']
  if (!isString(query) || query === '')
    throw new BadUserInput('"query" must be a string that holds a document.')
  optional('extensions', from['extensions'], 'an object', isJsonObject)
  return {
    query,
    operationName: optional('operationName', from['operationName'], 'a string', isString),
    variables: optional('variables', from['variables'], 'an object', isJsonObject) ?? NONE,
  }
}

/** The parameters of a POST. One operation a request: an array, as a batch would be, is refused. */
export function paramsOfBody(body: string): GraphQLParams {
  const parsed = parseJson(body)
  if (Array.isArray(parsed)) throw new BadUserInput('One operation a request: the body must be an object.')
  if (!isJsonObject(parsed)) throw new BadUserInput('The body must be a JSON object.')
  return readParams(parsed)
}

/** The parameters of a GET, from the URL's query. */
export function paramsOfSearch(search: string): GraphQLParams {
  const given = new URLSearchParams(search)
  const once = (name: string): string | undefined => {
    const values = given.getAll(name)
    if (values.length > 1) throw new BadUserInput(`"${name}" must be given once.`)
    return values[0]
  }
  const json = (name: string): unknown => {
    const text = once(name)
    return text === undefined ? undefined : parseJson(text)
  }
  return readParams({
    query: once('query'),
    operationName: once('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  })
}

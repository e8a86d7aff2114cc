import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { buildSchema, parse, validate } from 'graphql'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8')

describe('the query that the Playground opens with', () => {
  it('is valid, and asks for what is protected', () => {
    const files = readdirSync(join(ROOT, 'schema')).filter((name) => name.endsWith('.graphql'))
    const schema = buildSchema(files.map((name) => read('schema', name)).join('\n'))
    const query = read('src', 'playground', 'default-query.graphql')
    expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([])
    expect(query).toMatch(/\bemail\b/)
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse, print, visit, type DocumentNode } from 'graphql'
import { directiveTypeDefs } from '../../../src/graphql/directives/definitions.ts'

const withoutDescriptions = (document: DocumentNode): DocumentNode =>
  visit(document, {
    enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
  })

const definitionsIn = (sdl: string): string[] =>
  withoutDescriptions(parse(sdl))
    .definitions.map((node) => print(node))
    .sort()

describe('schema/directives.graphql', () => {
  it('says what the kit reads, with descriptions and the roles', () => {
    const file = readFileSync(join(import.meta.dirname, '../../../schema/directives.graphql'), 'utf8')
    const ours = definitionsIn(file).filter((definition) => !definition.startsWith('enum Role '))
    expect(ours).toEqual(definitionsIn(directiveTypeDefs))
  })
})

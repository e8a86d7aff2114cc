import { describe, expect, it } from '@jest/globals'
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { format, inspect } from 'node:util'
import type { FieldCipher } from '../../src/crypto/field-cipher.ts'
import type { FieldSpec } from '../../src/crypto/field-spec.ts'
import { Sealed } from '../../src/crypto/sealed.ts'
import { OpenFailed } from '../../src/errors.ts'

const spec: FieldSpec = { model: 'Customer', field: 'email', keyring: 'customer', type: 'String' }
const keyId = '0199b5c0-4b00-7000-8000-000000000001'
const text = `s1.${keyId}.${Buffer.alloc(28, 1).toString('base64url')}`

const cipher = {
  open: (_spec: FieldSpec, rowId: string, sealed: string) => `plain of ${rowId}, ${sealed}`,
} as FieldCipher

function newSealed(): Sealed {
  return new Sealed(cipher, spec, 'row-1', text)
}

function printed(print: (console: Console) => void): string {
  const chunks: string[] = []
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString())
      done()
    },
  })
  print(new Console({ stdout }))
  return chunks.join('').trim()
}

describe('a sealed value', () => {
  it('opens through its cipher, with its own column and row', () => {
    expect(newSealed().open()).toBe(`plain of row-1, ${text}`)
  })

  it('tells which column, row and key it is of', () => {
    const sealed = newSealed()
    expect([sealed.spec, sealed.rowId, sealed.text, sealed.keyId]).toEqual([spec, 'row-1', text, keyId])
  })

  it('does not repeat a planted text as its key id', () => {
    const planted = new Sealed(cipher, spec, 'row-1', 'ann.smith@example.com')
    expect(() => planted.keyId).toThrow(OpenFailed)
  })

  it.each<[string, (sealed: Sealed) => string]>([
    ['String()', (sealed) => String(sealed)],
    // eslint-disable-next-line @typescript-eslint/restrict-template-expressions -- what a careless log line does
    ['a template', (sealed) => `${sealed}`],
    ['concatenation', (sealed) => ''.concat(sealed as unknown as string)],
    ['toLocaleString()', (sealed) => sealed.toLocaleString()],
    ['join()', (sealed) => [sealed].join()],
    ['inspect()', (sealed) => inspect(sealed)],
    [
      'inspect() with all it hides',
      (sealed) => inspect(sealed, { showHidden: true, showProxy: true, depth: null }),
    ],
    ['format %s', (sealed) => format('%s', sealed)],
    ['format %o', (sealed) => format('%o', sealed)],
    ['format %O', (sealed) => format('%O', sealed)],
    ['console.log', (sealed) => printed((console) => console.log(sealed))],
    ['console.log %o', (sealed) => printed((console) => console.log('%o', sealed))],
  ])('prints [sealed] by %s', (_way, print) => {
    expect(print(newSealed())).toBe('[sealed]')
  })

  it('serialises as [sealed] in JSON, at any depth', () => {
    expect(JSON.stringify({ customer: [newSealed()] })).toBe('{"customer":["[sealed]"]}')
  })

  it('is not a number', () => {
    expect(Number(newSealed())).toBeNaN()
  })

  it('has nothing of its own to list, spread or clone', () => {
    const sealed = newSealed()
    expect(Object.keys(sealed)).toEqual([])
    expect(Object.values(sealed)).toEqual([])
    expect(Object.entries(sealed)).toEqual([])
    expect(Reflect.ownKeys(sealed)).toEqual([])
    expect(Object.assign({}, sealed)).toEqual({})
    expect(structuredClone(sealed)).toEqual({})
  })

  it('shows nothing even where its own way of printing is switched off', () => {
    const bare = inspect(newSealed(), { customInspect: false, showHidden: true, depth: null })
    expect(bare).not.toContain(keyId)
    expect(printed((console) => console.dir(newSealed()))).not.toContain(keyId)
  })
})

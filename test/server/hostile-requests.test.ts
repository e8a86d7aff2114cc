import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { gzipSync } from 'node:zlib'
import { LIMITS, startServer, type RunningServer } from './test-server.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const times = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join(' ')

const codeOf = async (response: Response): Promise<[number, string]> => {
  const body = (await response.json()) as { errors: { extensions: { code: string } }[] }
  expect(body).not.toHaveProperty('data')
  return [response.status, body.errors[0]!.extensions.code]
}

describe('a document', () => {
  it.each([
    ['13 fields deep', '{ ' + 'node { '.repeat(12) + 'id' + ' }'.repeat(13)],
    ['hundreds of fields deep', '{ ' + 'node { '.repeat(660) + 'id' + ' }'.repeat(661)],
    [
      '13 fields deep by fragments',
      '{ ...A } fragment A on Query { node { ...B } } fragment B on Node { node { node { node { ...C } } } } fragment C on Node { node { node { node { node { node { node { node { node { node { id } } } } } } } } } }',
    ],
    ['with 21 aliases', `{ ${times(21, (at) => `a${at}: hello`)} }`],
    [
      'with aliases in a fragment that is used again and again',
      `{ ${times(7, () => '...A')} } fragment A on Query { a: hello b: hello c: hello }`,
    ],
    ['with one field hundreds of times', `{ ${'hello '.repeat(1900)} }`],
    ['with more tokens than the limit', `{ ${times(2001, (at) => `x${at}`)} }`],
    [
      'whose fragments fan out',
      `{ ...A0 } ${times(40, (at) => `fragment A${at} on Query { ...A${at + 1} ...A${at + 1} }`)} fragment A40 on Query { hello }`,
    ],
    ['whose fragments are a cycle', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    [
      'whose fragment holds itself, deeper each time',
      '{ node { ...A } } fragment A on Node { node { ...A } }',
    ],
    [
      'with 51 fragments to compare with each other',
      `{ ${times(51, (at) => `...A${at}`)} } ${times(51, (at) => `fragment A${at} on Query { hello }`)}`,
    ],
    ['with 21 directives', `{ hello ${times(21, () => '@skip(if: false)')} }`],
    ['with directives on everything else', `query ${times(21, (at) => `@d${at}`)} { hello }`],
    [
      'that asks for lists of lists',
      '{ nodes(first: 100) { nodes(first: 100) { nodes(first: 100) { id } } } }',
    ],
    ['that asks for a long list', '{ nodes(first: 100000) { id name } }'],
    [
      'that asks for one longer than a number can say',
      '{ nodes(first: 99999999999999999999999999999999) { id } }',
    ],
    ['with a default for how long a list is', 'query ($n: Int = 100000) { nodes(first: $n) { id name } }'],
    ['with a literal hundreds of lists deep', `{ shout(text: ${'['.repeat(600)}1${']'.repeat(600)}) }`],
    ['with a literal so deep that the parser gives up', `{ shout(text: ${'['.repeat(1990)}`],
    ['with a literal of nested objects', `{ shout(item: ${'{ items: '.repeat(40)}1${' }'.repeat(40)}) }`],
    ['with a type of nested lists', `query ($a: ${'['.repeat(300)}Int${']'.repeat(300)}) { hello }`],
  ])('%s is refused as too complex', async (_what, query) => {
    expect(await codeOf(await server.post({ query }))).toEqual([400, 'QUERY_TOO_COMPLEX'])
  })

  it('of nested lists is measured with the variables that size them', async () => {
    const query = 'query ($n: Int!) { nodes(first: $n) { nodes(first: $n) { id name } } }'
    expect((await server.post({ query, variables: { n: 10 } })).status).toBe(200)
    expect(await codeOf(await server.post({ query, variables: { n: 1000 } }))).toEqual([
      400,
      'QUERY_TOO_COMPLEX',
    ])
  })

  it.each([
    ['that does not parse', '{ hello'],
    ['of one huge token', `{ ${'a'.repeat(90_000)} }`],
    ['of nothing but a comment', `#${'x'.repeat(90_000)}`],
    ['with a lone surrogate in a name', '{ a\ud800b }'],
    ['with a lone surrogate in a string', '{ shout(text: "\ud800") }'],
    ['with an escaped lone surrogate', '{ shout(text: "\\uD800") }'],
    ['with a NUL', '{ shout(text: "a\\u0000b") }'],
    ['with a NUL outside a string', '{ hello \0 }'],
    ['in letters that look like others', '{ һello }'],
    ['with a right-to-left override', '{ hel\u202elo }'],
    ['with hundreds of fields that do not exist', `{ ${times(900, (at) => `x${at}`)} }`],
    ['with hundreds of unused variables', `query (${times(300, (at) => `$a${at}: Int`)}) { hello }`],
    ['with hundreds of arguments', `{ shout(${times(300, (at) => `a${at}: 1`)}) }`],
    [
      'that digs through the introspection',
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
    ],
  ])('%s is refused as wrong', async (_what, query) => {
    expect(await codeOf(await server.post({ query }))).toEqual([400, 'BAD_USER_INPUT'])
  })
})

describe('a body', () => {
  it.each([
    [
      'arrays 5,000 deep',
      `{"query":"{hello}","variables":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
      'QUERY_TOO_COMPLEX',
    ],
    [
      'objects 5,000 deep',
      `{"query":"{hello}","variables":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
      'QUERY_TOO_COMPLEX',
    ],
    [
      'extensions 5,000 deep',
      `{"query":"{hello}","extensions":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
      'QUERY_TOO_COMPLEX',
    ],
    ['40,000 values', `{"query":"{hello}","variables":{"a":[${'1,'.repeat(40_000)}1]}}`, 'QUERY_TOO_COMPLEX'],
    ['the same key twice', '{"query":"{hello}","query":"mutation{charge}"}', 'BAD_USER_INPUT'],
    ['the same variable twice', '{"query":"{hello}","variables":{"a":1,"a":2}}', 'BAD_USER_INPUT'],
    ['a lone surrogate', '{"query":"{hello}","variables":{"a":"\\ud800"}}', 'BAD_USER_INPUT'],
    ['a NUL', '{"query":"{hello}","variables":{"a":"\\u0000"}}', 'BAD_USER_INPUT'],
    ['a byte-order mark', '\ufeff{"query":"{hello}"}', 'BAD_USER_INPUT'],
    ['half a document', '{"query":"{hel', 'BAD_USER_INPUT'],
  ])('with %s is refused', async (_what, body, code) => {
    expect(await codeOf(await server.post(body))).toEqual([400, code])
  })

  it('with a key of Object.prototype reaches nothing', async () => {
    const body = '{"query":"{hello}","__proto__":{"operationName":"A"},"variables":{"__proto__":{"a":1}}}'
    expect(await (await server.post(body)).json()).toEqual({ data: { hello: 'world' } })
  })

  const send = (
    body: string | Uint8Array<ArrayBuffer> | ReadableStream,
    headers: Record<string, string> = {},
  ) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    })

  it('that is not UTF-8 is refused', async () => {
    const bytes = Buffer.from('{"query":"{ shout(text: \\"\xff\xfe\\") }"}', 'latin1')
    expect(await codeOf(await send(new Uint8Array(bytes)))).toEqual([400, 'BAD_USER_INPUT'])
  })

  it('that is empty is refused', async () => {
    expect(await codeOf(await send(''))).toEqual([400, 'BAD_USER_INPUT'])
  })

  it('that is compressed is refused, whatever it unfolds to', async () => {
    const bytes = new Uint8Array(gzipSync('{"query":"{hello}"}'))
    expect(await codeOf(await send(bytes, { 'content-encoding': 'gzip' }))).toEqual([415, 'BAD_USER_INPUT'])
  })

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json; charset=utf-16'],
  ])('of type %s is refused', async (type) => {
    expect(await codeOf(await send('{"query":"{hello}"}', { 'content-type': type }))).toEqual([
      415,
      'BAD_USER_INPUT',
    ])
  })

  it('of exactly the limit is taken, and one byte more is not', async () => {
    const body = '{"query":"{hello}"}'
    const padded = (length: number) => body + ' '.repeat(length - body.length)
    expect((await send(padded(LIMITS.bodyBytes))).status).toBe(200)
    expect(await codeOf(await send(padded(LIMITS.bodyBytes + 1)))).toEqual([413, 'QUERY_TOO_COMPLEX'])
  })

  it('that grows over the limit without having said so is refused', async () => {
    const chunk = new TextEncoder().encode(' '.repeat(20_000))
    let sent = 0
    const body = new ReadableStream({
      pull: (controller) => (sent++ < 10 ? controller.enqueue(chunk) : controller.close()),
    })
    expect(await codeOf(await send(body))).toEqual([413, 'QUERY_TOO_COMPLEX'])
  })
})

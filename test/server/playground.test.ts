import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAnswers, sendRaw } from './raw-http.ts'
import { startServer, type RunningServer, type TestOptions } from './test-server.ts'

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const PAGE = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

let root: string
let development: RunningServer
let production: RunningServer

const playground = (more: Partial<NonNullable<TestOptions['playground']>>): TestOptions['playground'] => ({
  directory: join(root, 'built'),
  identities: [],
  issueToken: () => null,
  allow: () => true,
  ...more,
})

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sealpay-playground-'))
  await mkdir(join(root, 'built', 'assets'), { recursive: true })
  await writeFile(join(root, 'secret.html'), 'secret')
  await writeFile(join(root, 'built', 'index.html'), '<!doctype html><title>Playground</title>')
  await writeFile(join(root, 'built', 'assets', 'index-BkX7_a2-.js'), 'export {}')
  await writeFile(join(root, 'built', 'assets', 'plain.css'), 'a{}')
  await writeFile(join(root, 'built', 'assets', 'notes.txt'), 'not served')
  const identity = { role: 'SUPPORT', label: 'Sam, support', subject: 'not told' }
  const issueToken = (role: string) => Promise.resolve(`token of ${role}`)
  development = await startServer({ playground: playground({ identities: [identity], issueToken }) })
  production = await startServer({
    introspection: false,
    playground: playground({ allow: (principal) => principal !== null }),
  })
})
afterAll(async () => {
  await development.close()
  await production.close()
  await rm(root, { recursive: true })
})

const get = (server: RunningServer, path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers })
const askToken = (server: RunningServer, headers: Record<string, string> = {}, body = '{"role":"SUPPORT"}') =>
  fetch(`${server.url}/playground/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })

describe('the page', () => {
  it('is what a browser gets at /graphql, under the strict policy', async () => {
    const response = await get(development, '/graphql', PAGE)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(response.headers.get('content-security-policy')).toBe(POLICY)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(await response.text()).toContain('Playground')
  })

  it('is not what a program gets there', async () => {
    const query = { 'apollo-require-preflight': 'true', accept: 'application/json' }
    expect(await (await get(development, '/graphql?query={hello}', query)).json()).toEqual({
      data: { hello: 'world' },
    })
  })

  it('is not there when the Playground is off', async () => {
    const off = await startServer()
    for (const path of ['/graphql', '/playground/index.html', '/playground/identities']) {
      const response = await get(off, path, PAGE)
      expect([400, 404]).toContain(response.status)
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    }
    await off.close()
  })
})

describe('a file', () => {
  it.each([
    ['assets/index-BkX7_a2-.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['assets/plain.css', 'text/css; charset=utf-8', 'no-cache'],
  ])('%s is served as what it is', async (path, type, cache) => {
    const { status, headers } = await get(development, `/playground/${path}`)
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, type, cache])
    expect([headers.get('content-security-policy'), headers.get('x-content-type-options')]).toEqual([
      POLICY,
      'nosniff',
    ])
  })

  it.each([
    ['/playground/'],
    ['/playground/assets'],
    ['/playground/assets/notes.txt'],
    ['/playground/../secret.html'],
    ['/playground/assets/../../secret.html'],
    ['/playground/..%2fsecret.html'],
    ['/playground/%2e%2e/secret.html'],
    ['/playground/....//secret.html'],
    ['/playground//etc/passwd'],
    ['/playground/assets\\..\\..\\secret.html'],
    ['/playground/index.html%00.js'],
    ['/playground/__proto__'],
  ])('at %s is not served', async (path) => {
    const text = await sendRaw(
      development.port,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    )
    const [answer] = parseAnswers(text)
    expect([answer!.status, answer!.headers.get('content-type')]).toEqual([
      404,
      'application/json; charset=utf-8',
    ])
  })
})

describe('an identity', () => {
  it('is listed by role and label alone', async () => {
    expect(await (await get(development, '/playground/identities')).json()).toEqual({
      identities: [{ role: 'SUPPORT', label: 'Sam, support' }],
    })
  })

  it.each<[string, Record<string, string>]>([
    ['our own page', { 'sec-fetch-site': 'same-origin' }],
    ['no browser', {}],
  ])('has a token for %s', async (_who, headers) => {
    const response = await askToken(development, headers)
    expect(await response.json()).toEqual({ token: 'token of SUPPORT' })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it.each<[string, Record<string, string>]>([
    ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a page of a neighbour', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' }],
    ['an old browser on another site', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
  ])('has none for %s', async (_who, headers) => {
    expect((await askToken(development, headers)).status).toBe(403)
  })

  it('has none for a page that calls us by a name of its own', async () => {
    const body = '{"role":"SUPPORT"}'
    const text = await sendRaw(
      development.port,
      `POST /playground/token HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    expect(parseAnswers(text)).toMatchObject([{ status: 403 }])
  })

  it.each([
    ['{"role":"OWNER"}', 404],
    ['{"role":1}', 400],
    ['{}', 400],
    ['[]', 400],
    ['role=SUPPORT', 400],
  ])('is not made up from %s', async (body, status) => {
    expect((await askToken(development, {}, body)).status).toBe(status)
  })

  it('needs JSON, which a form cannot send', async () => {
    expect((await askToken(development, { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it('does not exist outside development', async () => {
    expect((await askToken(production)).status).toBe(404)
  })
})

describe('in production', () => {
  const token = { authorization: 'Bearer good' }

  it('everything of it needs a caller with the role', async () => {
    for (const path of ['/graphql', '/playground/assets/plain.css', '/playground/identities']) {
      expect((await get(production, path, PAGE)).status).toBe(401)
      expect((await get(production, path, { ...PAGE, authorization: 'Bearer bad' })).status).toBe(401)
      expect((await get(production, path, { ...PAGE, ...token })).status).toBe(200)
    }
  })

  it('the caller may introspect, and nobody else', async () => {
    const query = '{ __schema { queryType { name } } }'
    expect((await production.post({ query })).status).toBe(403)
    expect((await production.post({ query }, token)).status).toBe(200)
  })
})

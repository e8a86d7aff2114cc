import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fromFile, fromUrl } from '../../src/auth/key-loaders.ts'
import { createKeySource } from '../../src/auth/key-source.ts'
import { SIGNATURE_ALGORITHMS } from '../../src/auth/key-set.ts'
import { authenticatorFor, createKey, keySetOf, outcome, signToken } from './fictional-issuer.ts'

const key = createKey('EdDSA', 'k')
const KEY_SET = keySetOf(key)
const unreachable = { name: 'KeySetFault', code: 'UNREACHABLE' }
const tooLarge = { name: 'KeySetFault', code: 'TOO_LARGE' }

describe('fromFile', () => {
  let directory: string
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'sealpay-keys-'))))
  afterEach(() => rm(directory, { recursive: true }))

  it('reads the file anew each time', async () => {
    const path = join(directory, 'jwks.json')
    const load = fromFile(path)
    await writeFile(path, 'one')
    expect(String(await load())).toBe('one')
    await writeFile(path, 'two')
    expect(String(await load())).toBe('two')
  })

  it('refuses a file that is not there, and a directory', async () => {
    await expect(fromFile(join(directory, 'none'))()).rejects.toMatchObject(unreachable)
    await expect(fromFile(directory)()).rejects.toMatchObject(unreachable)
  })

  it('refuses more than 256 KiB, from a device that never ends too', async () => {
    const path = join(directory, 'large.json')
    await writeFile(path, Buffer.alloc(256 * 1024 + 1))
    await expect(fromFile(path)()).rejects.toMatchObject(tooLarge)
    await expect(fromFile('/dev/zero')()).rejects.toMatchObject(tooLarge)
  })
})

describe('fromUrl', () => {
  let server: Server | undefined
  let requests = 0
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
    server = undefined
    requests = 0
  })

  async function serve(answer: RequestListener): Promise<string> {
    const listening = createServer((request, response) => {
      requests += 1
      answer(request, response)
    })
    server = listening
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/jwks`
  }

  it('fetches the keys that an authenticator then uses', async () => {
    const url = await serve((_request, response) => response.end(KEY_SET))
    const keys = createKeySource({ load: fromUrl(url), algorithms: SIGNATURE_ALGORITHMS })
    const authenticator = await authenticatorFor([], { keys })
    expect(await outcome(authenticator, `Bearer ${signToken(key)}`)).toMatchObject({ id: 'user-1' })
    expect(requests).toBe(1)
  })

  it('does not follow a redirect', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end())
    await expect(fromUrl(url)()).rejects.toMatchObject(unreachable)
    expect(requests).toBe(1)
  })

  it.each([204, 404, 500, 503])('refuses the status %i', async (status) => {
    const url = await serve((_request, response) => response.writeHead(status).end())
    await expect(fromUrl(url)()).rejects.toMatchObject(unreachable)
  })

  it('stops reading an answer that does not end', async () => {
    const url = await serve((_request, response) => {
      const write = () => {
        while (response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', write)
      write()
    })
    await expect(fromUrl(url)()).rejects.toMatchObject(tooLarge)
  })

  it('gives up on an answer that does not come, or stops half way', async () => {
    const silent = await serve((request) => void request.resume())
    await expect(fromUrl(silent, 50)()).rejects.toMatchObject(unreachable)
    server?.close()
    const halting = await serve((_request, response) => void response.write('{"keys":['))
    await expect(fromUrl(halting, 50)()).rejects.toMatchObject(unreachable)
  })

  it('refuses an issuer that is not there', async () => {
    const url = await serve((_request, response) => response.end())
    server?.close()
    server?.closeAllConnections()
    await expect(fromUrl(url)()).rejects.toMatchObject(unreachable)
  })

  it.each([
    'https://issuer.example/jwks',
    'http://localhost:1/jwks',
    'http://127.0.0.1/jwks',
    'http://[::1]:8080/jwks',
  ])('may be %s', (url) => {
    expect(fromUrl(url)).toBeInstanceOf(Function)
  })

  it.each([
    'http://issuer.example/jwks',
    'http://127.0.0.1.evil.example/jwks',
    'http://localhost.evil.example/jwks',
    'http://192.168.0.1/jwks',
    'file:///etc/passwd',
    'data:application/json,{}',
    'https://user:secret@issuer.example/jwks',
    'not a url',
  ])('may not be %s', (url) => {
    expect(() => fromUrl(url)).toThrow(expect.objectContaining({ name: 'TypeError' }))
  })
})

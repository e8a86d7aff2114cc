import { createReadStream } from 'node:fs'
import { KeySetFault } from './refusals.ts'

/** Reads the bytes of a JSON Web Key Set. Throws a KeySetFault, UNREACHABLE or TOO_LARGE, and nothing else. */
export type LoadKeySet = () => Promise<Uint8Array>

const MAX_BYTES = 256 * 1024

/** Reads a key set from a local file. It is public, so its mode does not matter; who may write it does. */
export function fromFile(path: string): LoadKeySet {
  return async () => {
    try {
      return await readAtMost(createReadStream(path, { end: MAX_BYTES }))
    } catch (error) {
      throw asFault(error)
    }
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Fetches a key set from its issuer: by https, or http from this machine alone; without following a redirect;
 * within a deadline and a size.
 *
 * @param deadlineMs how long connecting, the answer and its body may take together
 * @throws {TypeError} when the URL is not such a one
 */
export function fromUrl(address: string, deadlineMs = 5000): LoadKeySet {
  const url = new URL(address)
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))
  if (!secure) throw new TypeError('The URL of the key set must be https, or http on a loopback address.')
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('The URL of the key set must not hold credentials.')
  }
  return async () => {
    try {
      const response = await fetch(url, {
        redirect: 'error',
        signal: AbortSignal.timeout(deadlineMs),
        headers: { accept: 'application/jwk-set+json, application/json' },
      })
      if (response.status === 200 && response.body !== null) return await readAtMost(response.body)
      await response.body?.cancel()
      throw new KeySetFault('UNREACHABLE')
    } catch (error) {
      throw asFault(error)
    }
  }
}

const asFault = (error: unknown) =>
  error instanceof KeySetFault ? error : new KeySetFault('UNREACHABLE', { cause: error })

/** Stops reading as soon as there is too much; what a length header says is not believed. */
async function readAtMost(chunks: AsyncIterable<unknown>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) throw new KeySetFault('UNREACHABLE')
    length += chunk.byteLength
    if (length > MAX_BYTES) throw new KeySetFault('TOO_LARGE')
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

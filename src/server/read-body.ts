import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { BadUserInput } from '../errors.ts'
import { isJson } from './media-type.ts'
import { HttpRefusal } from './refusal.ts'

function tooLarge(limit: number): HttpRefusal {
  return new HttpRefusal(413, `The body is larger than ${limit} bytes.`, {
    code: 'QUERY_TOO_COMPLEX',
    errorClass: 'RESOURCE_LIMIT',
  })
}

function receive(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) {
        request.off('data', onData)
        request.pause()
        reject(tooLarge(limit))
        return
      }
      chunks.push(chunk)
    }
    request.on('data', onData)
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.once('error', () => reject(new BadUserInput('The body ended early.')))
  })
}

/**
 * The text of a JSON body.
 *
 * Bodies are taken as they are: a compressed one is refused, since a few bytes of it could unfold to any
 * size. How long a body may take is the HTTP server's `requestTimeout`.
 *
 * @throws {HttpRefusal} 415 for another type or encoding, 413 when it is longer than `limit` bytes
 * @throws {BadUserInput} when it is empty or not UTF-8
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  if (!isJson(request.headers['content-type'])) {
    throw new HttpRefusal(415, 'The body must be application/json in UTF-8.', {
      headers: { accept: 'application/json' },
    })
  }
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new HttpRefusal(415, 'The body must not be compressed.', {
      headers: { 'accept-encoding': 'identity' },
    })
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  const body = await receive(request, limit)
  if (body.length === 0) throw new BadUserInput('The body is empty.')
  if (!isUtf8(body)) throw new BadUserInput('The body is not valid UTF-8.')
  return body.toString('utf8')
}

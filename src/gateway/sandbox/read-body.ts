import type { IncomingMessage } from 'node:http'
import { SandboxError } from './sandbox-error.ts'

const MOST_BYTES = 16_384

/** The JSON of a request, at most 16 KiB of it. @throws {SandboxError} 400, 413 or 415 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json(?:;\s*charset=utf-8)?$/i.test(type)) {
    throw new SandboxError(415, 'unsupported_media_type', 'The body must be application/json.')
  }
  const chunks: Buffer[] = []
  let length = 0
  // The connection outlives a body that is too large, so that the refusal arrives.
  const parts: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false })
  for await (const chunk of parts) {
    length += chunk.length
    if (length > MOST_BYTES) {
      throw new SandboxError(413, 'body_too_large', `The body may have ${MOST_BYTES} bytes.`)
    }
    chunks.push(chunk)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
  } catch {
    // The parser's own message repeats the text, which may be a card number.
    throw new SandboxError(400, 'invalid_json', 'The body is not valid JSON.')
  }
}

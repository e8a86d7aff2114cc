import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import type { Answer } from './answer.ts'

/** Monaco writes inline styles; nothing else is inline, and nothing comes from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

/** Vite puts a hash of the content into the name: such a file never changes. */
const HASHED = /-[\w-]{8}\.\w+$/
const FOREVER = 'public, max-age=31536000, immutable'

function fileAnswer(name: string, type: string, body: Buffer): Answer {
  return {
    status: 200,
    type,
    body,
    headers: { 'content-security-policy': POLICY, 'cache-control': HASHED.test(name) ? FOREVER : 'no-cache' },
  }
}

/**
 * Reads the built files once. Only what was found then is ever served, by exact name, so no path that a
 * caller writes reaches the file system.
 *
 * @returns answers by path below the directory, with `/` between names
 */
export async function loadPlaygroundFiles(directory: string): Promise<ReadonlyMap<string, Answer>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
  const loaded = files.map(async (entry): Promise<[string, Answer]> => {
    const path = join(entry.parentPath, entry.name)
    const name = relative(directory, path).split(sep).join('/')
    return [name, fileAnswer(name, TYPES[extname(name)] ?? '', await readFile(path))]
  })
  return new Map(await Promise.all(loaded))
}

import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { constants, type FileHandle, open } from 'node:fs/promises'
import { ConfigFault } from '../errors.ts'

const format = 'sealpay-local-key-1'
const keyBytes = 32
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const maxFileBytes = 1024
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants

/**
 * Makes a key file of mode 0600 with a new 256-bit key, as JSON in UTF-8:
 *
 *     { "format": "sealpay-local-key-1", "keyId": "<UUID>", "key": "<32 bytes in base64url>" }
 *
 * Never overwrites: whoever loses this file loses what it protects. Throws `ConfigFault` when something
 * is there already.
 */
export async function createLocalKeyFile(path: string): Promise<void> {
  const file = await open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') throw fault(path, 'exists already. Use it, or choose another path')
    throw error
  })
  const key = randomBytes(keyBytes)
  try {
    // The umask can only have taken from the mode, perhaps too much.
    await file.chmod(0o600)
    const content = { format, keyId: randomUUID(), key: key.toString('base64url') }
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`)
    await file.sync()
  } finally {
    key.fill(0)
    await file.close()
  }
}

/** The key-encryption key of a key file and its id. Throws `ConfigFault`, which says what to do. */
export async function readLocalKeyFile(path: string): Promise<{ keyId: string; key: KeyObject }> {
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    const code = codeOf(error)
    if (code === 'ENOENT') throw fault(path, 'does not exist. Create it, or restore it from its backup')
    if (code === 'ELOOP') throw fault(path, 'is a symbolic link. Name the file itself')
    if (code === 'EACCES') throw fault(path, 'cannot be read. Make this user its owner')
    throw error
  })
  try {
    await checkPermissions(path, file)
    return parseKeyFile(path, await file.readFile())
  } finally {
    await file.close()
  }
}

// By the open file, not by its path: what is checked is what is read.
async function checkPermissions(path: string, file: FileHandle): Promise<void> {
  const { mode, uid, size } = await file.stat().then((stats) => {
    if (!stats.isFile()) throw fault(path, 'is not a regular file. Name the key file')
    return stats
  })
  if (size > maxFileBytes) throw fault(path, 'is too large for a key file. Name the key file')
  // Windows knows neither owners nor modes in this form.
  if (process.getuid === undefined) return
  if (uid !== process.getuid()) throw fault(path, 'belongs to another user. Make this user its owner')
  if ((mode & 0o077) !== 0) throw fault(path, `is open to other users. Run: chmod 600 '${path}'`)
}

function parseKeyFile(path: string, bytes: Buffer): { keyId: string; key: KeyObject } {
  const content = parseObject(bytes)
  bytes.fill(0)
  const { keyId, key: text } = content
  if (content['format'] !== format || typeof keyId !== 'string' || !uuid.test(keyId)) {
    throw fault(path, `is not a key file of the format ${format}. Restore it from its backup`)
  }
  const raw = Buffer.from(typeof text === 'string' ? text : '', 'base64url')
  try {
    if (raw.length !== keyBytes || raw.toString('base64url') !== text) {
      throw fault(path, `holds no key of ${keyBytes} bytes in base64url. Restore it from its backup`)
    }
    return { keyId, key: createSecretKey(raw) }
  } finally {
    raw.fill(0)
  }
}

// A syntax error's message would quote the file.
function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}

function fault(path: string, what: string): ConfigFault {
  return new ConfigFault([`The local KMS's key file ${path} ${what}.`])
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}

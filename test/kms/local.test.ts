import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { ConfigFault } from '../../src/errors.ts'
import { type KeyContext, KmsRefused } from '../../src/kms/kms.ts'
import { createLocalKeyFile } from '../../src/kms/local-key-file.ts'
import { createLocalKms } from '../../src/kms/local.ts'
import { itKeepsTheKmsContract } from './contract.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealpay-local-kms-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

function newPath(): string {
  return join(folder, `${uuidv7()}.json`)
}

async function newKeyFile(): Promise<string> {
  const path = newPath()
  await createLocalKeyFile(path)
  return path
}

async function expectFault(keyFile: string, advice: RegExp): Promise<void> {
  const fault: unknown = await createLocalKms({ keyFile }).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(ConfigFault)
  expect(String(fault)).toMatch(advice)
}

describe('the local KMS', () => {
  let keyFile = ''
  beforeAll(async () => {
    keyFile = await newKeyFile()
  })
  itKeepsTheKmsContract(() => createLocalKms({ keyFile }))

  it('names its key file’s key in what it wraps', async () => {
    const kms = await createLocalKms({ keyFile })
    const context: KeyContext = { keyring: 'customer', keyId: uuidv7(), purpose: 'ENCRYPTION' }
    const { wrapped } = await kms.generateDataKey(context)
    const { keyId } = JSON.parse(await readFile(keyFile, 'utf8')) as { keyId: string }
    expect(wrapped).toMatchObject({ provider: 'local', keyReference: keyId })
  })

  it('refuses a data key that another key file wrapped, even under its own name', async () => {
    const kms = await createLocalKms({ keyFile })
    const other = await createLocalKms({ keyFile: await newKeyFile() })
    const context: KeyContext = { keyring: 'customer', keyId: uuidv7(), purpose: 'INDEX' }
    const { wrapped } = await other.generateDataKey(context)
    await expect(kms.unwrapDataKey(wrapped, context)).rejects.toBeInstanceOf(KmsRefused)
    const own = (await kms.generateDataKey(context)).wrapped
    const renamed = { ...wrapped, keyReference: own.keyReference }
    await expect(kms.unwrapDataKey(renamed, context)).rejects.toBeInstanceOf(KmsRefused)
  })
})

describe('a local key file', () => {
  it('is made with mode 0600, in its documented format', async () => {
    const path = await newKeyFile()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const content = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>
    expect(Object.keys(content)).toEqual(['format', 'keyId', 'key'])
    expect(content['format']).toBe('sealpay-local-key-1')
    expect(Buffer.from(content['key']!, 'base64url')).toHaveLength(32)
  })

  it('is never overwritten', async () => {
    const path = await newKeyFile()
    const before = await readFile(path, 'utf8')
    await expect(createLocalKeyFile(path)).rejects.toThrow(/exists already/)
    expect(await readFile(path, 'utf8')).toBe(before)
  })

  it('is not made through a symbolic link that leads elsewhere', async () => {
    const [link, target] = [newPath(), newPath()]
    await symlink(target, link)
    await expect(createLocalKeyFile(link)).rejects.toBeInstanceOf(ConfigFault)
    await expect(stat(target)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('is refused when it is missing, with what to do', async () => {
    await expectFault(newPath(), /does not exist\. Create it, or restore it/)
  })

  it.each(['640', '604', '660', '777'])('is refused with mode %s, with what to do', async (mode) => {
    const path = await newKeyFile()
    await chmod(path, Number.parseInt(mode, 8))
    await expectFault(path, /chmod 600/)
  })

  it('is refused when it is reached by a symbolic link', async () => {
    const [link, target] = [newPath(), await newKeyFile()]
    await symlink(target, link)
    await expectFault(link, /symbolic link/)
  })

  it('is refused when it belongs to another user', async () => {
    const isRoot = process.getuid?.() === 0
    const path = isRoot ? await newKeyFile() : '/etc/hostname'
    if (isRoot) await chown(path, 65534, 65534)
    await expectFault(path, /belongs to another user/)
  })

  it('is refused when it is a folder', async () => {
    const path = newPath()
    await mkdir(path)
    await expectFault(path, /not a regular file/)
  })

  const key = Buffer.alloc(32, 7).toString('base64url')
  const good = { format: 'sealpay-local-key-1', keyId: uuidv7(), key }
  const bad: Readonly<Record<string, string>> = {
    'nothing in it': '',
    'no JSON': `{"key":"${key}`,
    'JSON that is not an object': '[]',
    'an unknown format': JSON.stringify({ ...good, format: 'sealpay-local-key-2' }),
    'no key id': JSON.stringify({ ...good, keyId: undefined }),
    'a key id in upper case': JSON.stringify({ ...good, keyId: good.keyId.toUpperCase() }),
    'a short key': JSON.stringify({ ...good, key: key.slice(0, 22) }),
    'a long key': JSON.stringify({ ...good, key: key + key }),
    'a key in padded base64': JSON.stringify({ ...good, key: `${key}=` }),
    'a key that is not a text': JSON.stringify({ ...good, key: 7 }),
    'far too much in it': JSON.stringify({ ...good, more: 'x'.repeat(2000) }),
  }
  it.each(Object.entries(bad))('is refused with %s, without repeating it', async (_name, content) => {
    const path = newPath()
    await writeFile(path, content, { mode: 0o600 })
    await expectFault(path, /format|base64url|too large/)
    const fault: unknown = await createLocalKms({ keyFile: path }).catch((error: unknown) => error)
    expect(String(fault)).not.toContain(key.slice(0, 22))
  })
})

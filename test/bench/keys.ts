/** The real field cipher over the local KMS, whose calls are counted; data keys are kept in memory. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createFieldCipher, type FieldCipher } from '../../src/crypto/field-cipher.ts'
import { createKeyrings } from '../../src/crypto/keyring.ts'
import type { Kms } from '../../src/kms/kms.ts'
import { createLocalKeyFile } from '../../src/kms/local-key-file.ts'
import { createLocalKms } from '../../src/kms/local.ts'
import { MemoryStore } from '../crypto/memory-keys.ts'

// The defaults of src/config.ts.
const LIFETIME_MS = 3_600_000
const IDLE_MS = 900_000

export interface Keys {
  /** A cipher with no key in memory yet, as in a process that has just started. */
  openCipher(): FieldCipher
  kmsCalls(): number
}

export async function createKeys(): Promise<Keys> {
  const counter = { calls: 0 }
  const kms = countCalls(await openLocalKms(), counter)
  const store = new MemoryStore()
  return {
    kmsCalls: () => counter.calls,
    openCipher: () =>
      createFieldCipher(
        createKeyrings({
          kms,
          store,
          onKeyOperation: () => undefined,
          now: () => performance.now(),
          maxKeys: 1000,
          lifetimeMs: LIFETIME_MS,
          idleMs: IDLE_MS,
          activeMs: LIFETIME_MS,
        }),
      ),
  }
}

async function openLocalKms(): Promise<Kms> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sealpay-bench-'))
  try {
    const keyFile = path.join(directory, 'kms.json')
    await createLocalKeyFile(keyFile)
    return await createLocalKms({ keyFile })
  } finally {
    await rm(directory, { recursive: true })
  }
}

function countCalls(kms: Kms, counter: { calls: number }): Kms {
  return {
    generateDataKey(context) {
      counter.calls += 1
      return kms.generateDataKey(context)
    },
    unwrapDataKey(wrapped, context) {
      counter.calls += 1
      return kms.unwrapDataKey(wrapped, context)
    },
  }
}

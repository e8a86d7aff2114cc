import { createHash } from 'node:crypto'
import type { SandboxRecord } from './records.ts'
import { SandboxError } from './sandbox-error.ts'
import type { Store } from './store.ts'

export interface Execution {
  readonly body: unknown
  readonly records: readonly SandboxRecord[]
  readonly withheld: boolean
}

export interface Answered {
  readonly body: unknown
  readonly replayed: boolean
  readonly withheld: boolean
}

/**
 * Carries a request out once for each key. All of it is one synchronous step that ends in one line of the
 * journal, so that neither parallel requests nor a crash can make it two.
 *
 * @throws {SandboxError} 409 when the key came with another request
 */
export function once(store: Store, key: string, request: unknown, execute: () => Execution): Answered {
  const digest = createHash('sha256').update(JSON.stringify(request)).digest('base64url')
  const known = store.answer(key)
  if (known !== undefined) {
    if (known.request !== digest) {
      throw new SandboxError(409, 'idempotency_key_reused', 'This idempotency key came with another request.')
    }
    return { body: known.body, replayed: true, withheld: false }
  }
  const { body, records, withheld } = execute()
  store.write(...records, { kind: 'answer', id: key, request: digest, body })
  return { body, replayed: false, withheld }
}

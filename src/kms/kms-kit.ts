/** The public API of `sealpay/kms`: the port that guards data keys, and its adapters. */
export { KmsRefused } from './kms.ts'
export type { GeneratedDataKey, KeyContext, Kms, WrappedKey } from './kms.ts'
export { createLocalKeyFile } from './local-key-file.ts'
export { createLocalKms } from './local.ts'

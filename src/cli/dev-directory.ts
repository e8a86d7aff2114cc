/** Where the development files are, below one directory that is not committed. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'

export const DEFAULT_DIRECTORY = '.sealpay'

export const databaseDirectory = (directory: string) => path.join(directory, 'postgres')
export const issuerDirectory = (directory: string) => path.join(directory, 'issuer')
export const keyFile = (directory: string) => path.join(directory, 'kms-key.json')
export const sandboxStore = (directory: string) => path.join(directory, 'sandbox.json')
export const sandboxSecretFile = (directory: string) => path.join(directory, 'sandbox-secret')

/** Makes it. As root the database's own account must pass through to its data, so that others may enter, and list nothing. */
export function makeDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
}

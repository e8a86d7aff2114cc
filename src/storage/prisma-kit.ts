/**
 * `sealpay/prisma`: seals columns of your own Prisma schema. Declare them with `/// @encrypted(keyring: "...")`,
 * run the `sealed` generator (see sealed-generator.ts), and extend your client once:
 *
 *     const client = new PrismaClient({ adapter }).$extends(
 *       sealExtension<SealedResult>({ map: sealedMap, cipher }),
 *     )
 *
 * The cipher is `createFieldCipher(createKeyrings({ kms, store, ... }))`, over a KMS of `sealpay/kms` and a table of your
 * own for wrapped keys. Add `sealedChecks(sealedMap)` to a migration, so that the database refuses plaintext. Give ids
 * `@default(uuid(7))` and index columns no default, so that Prisma's types ask for neither.
 */
export { createFieldCipher, type FieldCipher } from '../crypto/field-cipher.ts'
export { createKeyrings, type KeyringOptions, type Keyrings } from '../crypto/keyring.ts'
export type { DataKeyStore, StoredDataKey } from '../crypto/data-key.ts'
export { sealExtension, type SealOptions } from './seal-extension.ts'
export { FILLED_IN, sealing, type JsonValue, type SealableValue } from './sealing.ts'
export { sealedChecks } from './sealed-checks.ts'
export type { StoredMap, StoredModel } from './stored-map.ts'
export { Sealed } from '../crypto/sealed.ts'

/**
 * `sealpay/prisma`: seals columns of your own Prisma schema. Declare them with `/// @encrypted(keyring: "...")`,
 * run the `sealed` generator (see sealed-generator.ts), and extend your client once:
 *
 *     const client = new PrismaClient({ adapter }).$extends(
 *       sealExtension<SealedResult>({ map: sealedMap, cipher }),
 *     )
 */
export { sealExtension, type SealOptions } from './seal-extension.ts'
export { FILLED_IN, sealing, type JsonValue, type SealableValue } from './sealing.ts'
export { sealedChecks } from './sealed-checks.ts'
export type { StoredMap, StoredModel } from './stored-map.ts'
export { Sealed } from '../crypto/sealed.ts'

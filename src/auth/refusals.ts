/** Why a token is refused. For the log and its counters alone: a caller hears the same of each. */
export type RefusalCode =
  | 'NOT_BEARER'
  | 'TOO_LARGE'
  | 'NOT_CANONICAL'
  | 'NOT_JSON'
  | 'DUPLICATE_NAME'
  | 'ALGORITHM'
  | 'TYPE'
  | 'HEADER'
  | 'KEY_ID'
  | 'UNKNOWN_KEY'
  | 'NO_KEYS'
  | 'SIGNATURE'
  | 'ISSUER'
  | 'AUDIENCE'
  | 'SUBJECT'
  | 'TIME_CLAIM'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'LIFETIME'

/** A token is refused. It is the `cause` of an Unauthenticated, and holds a code and nothing of the token. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
  readonly code: RefusalCode

  constructor(code: RefusalCode) {
    super(code)
    this.code = code
  }
}

/** Why a JSON Web Key Set is refused. */
export type KeySetFaultCode =
  | 'UNREACHABLE'
  | 'TOO_LARGE'
  | 'NOT_A_KEY_SET'
  | 'TOO_MANY_KEYS'
  | 'PRIVATE_KEY'
  | 'MISSING_KEY_ID'
  | 'DUPLICATE_KEY_ID'
  | 'MIXED_USE'
  | 'WRONG_KEY_TYPE'
  | 'WEAK_KEY'
  | 'MALFORMED_KEY'
  | 'NO_USABLE_KEY'

const KEY_SET_FAULTS: Readonly<Record<KeySetFaultCode, string>> = {
  UNREACHABLE: 'it could not be read',
  TOO_LARGE: 'it is larger than 256 KiB',
  NOT_A_KEY_SET: 'it is not a JSON object with a list of `keys`, without repeated names (RFC 7517 §5)',
  TOO_MANY_KEYS: 'it has more than 100 keys',
  PRIVATE_KEY: 'it holds a private or symmetric key; replace that key, since whoever reads the set can sign',
  MISSING_KEY_ID: 'it has several keys, and one of them has no `kid`',
  DUPLICATE_KEY_ID: 'two of its keys have the same `kid`',
  MIXED_USE: 'a key is for verifying signatures and for something else (`use`, `key_ops`)',
  WRONG_KEY_TYPE: 'the type or curve of a key does not fit its `alg`',
  WEAK_KEY: 'an RSA key is weak: 2048 to 8192 bits and an odd exponent of 65537 or more are needed',
  MALFORMED_KEY: 'a key is malformed or not on its curve',
  NO_USABLE_KEY: 'no key in it is for verifying one of the accepted algorithms',
}

/** A JSON Web Key Set is refused as a whole. The message names the fault, never a key. */
export class KeySetFault extends Error {
  override readonly name = 'KeySetFault'
  readonly code: KeySetFaultCode

  constructor(code: KeySetFaultCode, options?: ErrorOptions) {
    super(`The key set is refused: ${KEY_SET_FAULTS[code]}.`, options)
    this.code = code
  }
}

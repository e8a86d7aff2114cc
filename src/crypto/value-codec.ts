import { isUtf8 } from 'node:buffer'
import { types } from 'node:util'
import { BadUserInput, OpenFailed } from '../errors.ts'
import type { FieldSpec, SealedType } from './field-spec.ts'
import { isJsonValue } from './json-value.ts'

interface Codec {
  encode(value: unknown, spec: FieldSpec): Buffer
  /** Throws on bytes that `encode` does not make; what it throws is replaced by `OpenFailed`. */
  decode(bytes: Buffer, spec: FieldSpec): unknown
}

const maxInt = 2 ** 31 - 1
const maxBigInt = 2n ** 63n - 1n
const maxTime = 8_640_000_000_000_000
const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/
const maxDecimalLength = 1_000

const codecs: Readonly<Record<SealedType, Codec>> = {
  String: { encode: (value, spec) => Buffer.from(checkText(value, spec), 'utf8'), decode: decodeText },
  Json: { encode: encodeJson, decode: (bytes) => JSON.parse(decodeText(bytes)) as unknown },
  Bytes: { encode: encodeBytes, decode: (bytes) => new Uint8Array(bytes) },
  Int: { encode: encodeInt, decode: (bytes) => sized(bytes, 4).readInt32BE() },
  BigInt: { encode: encodeBigInt, decode: (bytes) => sized(bytes, 8).readBigInt64BE() },
  Decimal: { encode: encodeDecimal, decode: decodeDecimal },
  DateTime: { encode: encodeDateTime, decode: decodeDateTime },
  Boolean: { encode: encodeBoolean, decode: decodeBoolean },
  Enum: { encode: encodeEnum, decode: decodeEnum },
}

/**
 * The bytes of a value, as they are sealed: texts in UTF-8, numbers and times in a fixed number of
 * big-endian bytes, Boolean in one byte, Enum padded with zeros to its longest value.
 *
 * Throws `TypeError` when the value is not of the field's type, and `BadUserInput` when it is out of the
 * type's bounds. Neither repeats the value.
 */
export function encodeValue(spec: FieldSpec, value: unknown): Buffer {
  return codecs[spec.type].encode(value, spec)
}

/** The value of bytes that `encodeValue` made for the same type, else `OpenFailed`. */
export function decodeValue(spec: FieldSpec, bytes: Buffer): unknown {
  try {
    return codecs[spec.type].decode(bytes, spec)
  } catch {
    // Without the cause: a JSON syntax error quotes the plaintext.
    throw new OpenFailed()
  }
}

/** The value as a text. A lone surrogate is refused, because UTF-8 would silently change it. */
export function checkText(value: unknown, spec: FieldSpec): string {
  if (typeof value !== 'string') throw wrongType(spec)
  if (!value.isWellFormed()) throw outOfBounds(spec, 'holds half of a surrogate pair')
  return value
}

function decodeText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new OpenFailed()
  return bytes.toString('utf8')
}

function encodeJson(value: unknown, spec: FieldSpec): Buffer {
  if (value === null || value === undefined) throw wrongType(spec)
  if (!isJsonValue(value)) throw outOfBounds(spec, 'is not plain JSON of at most 64 levels')
  return Buffer.from(JSON.stringify(value), 'utf8')
}

function encodeBytes(value: unknown, spec: FieldSpec): Buffer {
  if (!types.isUint8Array(value)) throw wrongType(spec)
  return Buffer.from(value)
}

function encodeInt(value: unknown, spec: FieldSpec): Buffer {
  if (typeof value !== 'number') throw wrongType(spec)
  if (!Number.isInteger(value) || value > maxInt || value < -maxInt - 1) {
    throw outOfBounds(spec, 'is not a 32-bit integer')
  }
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function encodeBigInt(value: unknown, spec: FieldSpec): Buffer {
  if (typeof value !== 'bigint') throw wrongType(spec)
  if (value > maxBigInt || value < -maxBigInt - 1n) throw outOfBounds(spec, 'is not a 64-bit integer')
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}

function encodeDecimal(value: unknown, spec: FieldSpec): Buffer {
  if (typeof value !== 'string') throw wrongType(spec)
  if (value.length > maxDecimalLength || !decimal.test(value)) {
    throw outOfBounds(spec, 'is not a decimal number in plain notation')
  }
  return Buffer.from(value, 'latin1')
}

function decodeDecimal(bytes: Buffer): string {
  const text = bytes.toString('latin1')
  if (!decimal.test(text)) throw new OpenFailed()
  return text
}

function encodeDateTime(value: unknown, spec: FieldSpec): Buffer {
  if (!types.isDate(value)) throw wrongType(spec)
  const time = value.getTime()
  if (Number.isNaN(time)) throw outOfBounds(spec, 'is not a valid date')
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(time))
  return bytes
}

function decodeDateTime(bytes: Buffer): Date {
  const time = Number(sized(bytes, 8).readBigInt64BE())
  if (Math.abs(time) > maxTime) throw new OpenFailed()
  return new Date(time)
}

function encodeBoolean(value: unknown, spec: FieldSpec): Buffer {
  if (typeof value !== 'boolean') throw wrongType(spec)
  return Buffer.of(value ? 1 : 0)
}

function decodeBoolean(bytes: Buffer): boolean {
  const flag = sized(bytes, 1)[0]
  if (flag !== 0 && flag !== 1) throw new OpenFailed()
  return flag === 1
}

function encodeEnum(value: unknown, spec: FieldSpec): Buffer {
  if (typeof value !== 'string') throw wrongType(spec)
  const values = spec.values ?? []
  if (!values.includes(value)) throw outOfBounds(spec, 'is not one of its values')
  const padded = Buffer.alloc(Math.max(...values.map((one) => Buffer.byteLength(one))))
  padded.write(value, 'utf8')
  return padded
}

// Shorter padding is accepted: a longer value may have joined the list since.
function decodeEnum(bytes: Buffer, spec: FieldSpec): string {
  const end = bytes.indexOf(0)
  const value = decodeText(end === -1 ? bytes : bytes.subarray(0, end))
  const padding = end === -1 ? [] : bytes.subarray(end)
  if (padding.some((byte) => byte !== 0) || spec.values?.includes(value) !== true) throw new OpenFailed()
  return value
}

function sized(bytes: Buffer, length: number): Buffer {
  if (bytes.length !== length) throw new OpenFailed()
  return bytes
}

function wrongType(spec: FieldSpec): TypeError {
  return new TypeError(`${spec.model}.${spec.field} takes a value of type ${spec.type}.`)
}

function outOfBounds(spec: FieldSpec, why: string): BadUserInput {
  return new BadUserInput(`${spec.model}.${spec.field} ${why}.`)
}

import type { FieldSpec, Normalizer, SealedType } from '../crypto/field-spec.ts'

const TYPES: readonly SealedType[] = [
  'String',
  'Json',
  'Bytes',
  'Int',
  'BigInt',
  'Decimal',
  'DateTime',
  'Boolean',
  'Enum',
]
const NORMALIZERS: readonly Normalizer[] = ['exact', 'email', 'phone', 'name']
const ARGUMENTS = ['keyring', 'index', 'normalize', 'type', 'values']

/**
 * Whether a comment looks as if it were meant to be an annotation: a slip of the pen must not leave a column
 * in clear. Prose about `@encrypted(...)` puts it in backquotes.
 */
export function meansAnnotation(comment: string | undefined): boolean {
  return /@encrypt/i.test((comment ?? '').replaceAll(/`[^`]*`/g, ''))
}

const ANNOTATION = /^@encrypted\((.*)\)$/
const ARGUMENT = /\s*([A-Za-z]+)\s*:\s*"([^"\\]*)"\s*(,(?=\s*\S)|$)/y
const KEYRING = /^[a-z][a-z0-9_-]{0,62}$/
const VALUE = /^[A-Za-z][A-Za-z0-9_]*$/

/** What one annotation says of its column. */
export type Annotation = Pick<FieldSpec, 'keyring' | 'type' | 'values' | 'index'>

/**
 * Reads `@encrypted(keyring: "...", index: "...", normalize: "...", type: "...", values: "A, B")` out of a
 * column's documentation. `undefined` when there is none; strings when it is wrong, one for each fault.
 */
export function parseAnnotation(documentation: string): Annotation | readonly string[] | undefined {
  const lines = documentation.split('\n').map((line) => line.trim())
  const meant = lines.filter(meansAnnotation)
  if (meant.length === 0) return undefined
  if (meant.length > 1) return ['is annotated more than once']
  const body = ANNOTATION.exec(meant[0] ?? '')?.[1]
  if (body === undefined) {
    return ['the annotation must be a line of its own that reads @encrypted(keyring: "...", ...)']
  }
  const given = readArguments(body)
  return given instanceof Map ? checkArguments(given) : given
}

function readArguments(body: string): Map<string, string> | string[] {
  const given = new Map<string, string>()
  const faults: string[] = []
  ARGUMENT.lastIndex = 0
  while (ARGUMENT.lastIndex < body.length) {
    const start = ARGUMENT.lastIndex
    const match = ARGUMENT.exec(body)
    if (match === null) return [...faults, `cannot read the annotation from \`${body.slice(start).trim()}\``]
    const [, name = '', value = ''] = match
    if (!ARGUMENTS.includes(name)) faults.push(`unknown argument \`${name}\``)
    if (given.has(name)) faults.push(`argument \`${name}\` is given twice`)
    given.set(name, value)
  }
  return faults.length > 0 ? faults : given
}

function checkArguments(given: ReadonlyMap<string, string>): Annotation | string[] {
  const keyring = given.get('keyring') ?? ''
  const type = (given.get('type') ?? 'String') as SealedType
  const normalize = (given.get('normalize') ?? 'exact') as Normalizer
  const index = given.get('index')
  const values = given
    .get('values')
    ?.split(',')
    .map((value) => value.trim())
  const faults = [
    !KEYRING.test(keyring) && 'needs a `keyring`: lower-case letters, digits, "-" and "_"',
    !TYPES.includes(type) && `unknown type; one of ${TYPES.join(', ')}`,
    !NORMALIZERS.includes(normalize) && `unknown normalize; one of ${NORMALIZERS.join(', ')}`,
    index === '' && '`index` names no column',
    given.has('normalize') && index === undefined && '`normalize` without an `index`',
    normalize !== 'exact' && type !== 'String' && '`normalize` is for the String type alone',
    ...faultsOfValues(type, values),
    index !== undefined && faultOfIndexedType(type),
  ].filter((fault) => typeof fault === 'string')
  if (faults.length > 0) return faults
  return {
    keyring,
    type,
    ...(values && { values }),
    ...(index !== undefined && { index: { column: index, normalize } }),
  }
}

function faultsOfValues(type: SealedType, values: readonly string[] | undefined): (string | false)[] {
  if (type !== 'Enum') return [values !== undefined && '`values` is for the Enum type alone']
  if (values === undefined) return ['an Enum needs its `values`: "A, B"']
  return [
    !values.every((value) => VALUE.test(value)) && '`values` must be names, separated by commas',
    new Set(values).size !== values.length && '`values` has a name twice',
  ]
}

function faultOfIndexedType(type: SealedType): string | false {
  if (type === 'Boolean' || type === 'Enum') {
    return `an index on a ${type} gives the values away by how often each occurs; filter after opening`
  }
  return type === 'Json' && 'an index on a Json value: equal values have no one form to compare'
}

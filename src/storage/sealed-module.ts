import type { SealedType } from '../crypto/field-spec.ts'
import type { SealedSchema } from './sealed-schema.ts'
import type { StoredModel } from './stored-map.ts'

const TYPESCRIPT: Readonly<Record<Exclude<SealedType, 'Enum'>, string>> = {
  String: 'string',
  Json: 'JsonValue',
  Bytes: 'Uint8Array',
  Int: 'number',
  BigInt: 'bigint',
  Decimal: 'string',
  DateTime: 'Date',
  Boolean: 'boolean',
}

/**
 * The text of the generated module: `sealedMap`, and `SealedResult`, the read types of sealed columns in
 * the shape of a Prisma `result` extension. `kit` is where its types come from.
 */
export function printSealedModule({ map, nullable }: SealedSchema, kit: string): string {
  const types = Object.values(map)
    .flatMap((model) => printModel(model, nullable))
    .join('\n')
  const imported = ['JsonValue', 'Sealed', 'StoredMap'].filter(
    (name) => name === 'StoredMap' || types.includes(`${name}<`) || types.includes(`<${name}>`),
  )
  return `// Made by \`prisma generate\` from the @encrypted annotations of the Prisma schema. Do not edit.
import type { ${imported.join(', ')} } from '${kit}'

export const sealedMap = ${JSON.stringify(map, null, 2)} as const satisfies StoredMap

/** What reading a sealed column gives; handed to Prisma as the type of a \`result\` extension that never runs. */
export type SealedResult = {
${types}
}
`
}

function printModel(model: StoredModel, nullable: ReadonlySet<string>): string[] {
  const specs = Object.values(model.fields)
  if (specs.length === 0) return []
  const fields = specs.map((spec) => {
    const values = spec.values?.map((value) => `'${value}'`).join(' | ')
    const type = spec.type === 'Enum' ? (values ?? 'string') : TYPESCRIPT[spec.type]
    const orNull = nullable.has(`${spec.model}.${spec.field}`) ? ' | null' : ''
    return `    ${spec.field}: { needs: { ${spec.field}: true }; compute: () => Sealed<${type}>${orNull} }`
  })
  return [`  ${uncapitalize(model.model)}: {`, ...fields, '  }']
}

/** As Prisma names a model on its client. */
function uncapitalize(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

import type { GeneratorOptions } from '@prisma/generator-helper'
import type { FieldSpec } from '../crypto/field-spec.ts'
import { meansAnnotation, parseAnnotation, type Annotation } from './sealed-annotation.ts'
import type { StoredMap, StoredModel } from './stored-map.ts'

type Datamodel = GeneratorOptions['dmmf']['datamodel']
type Model = Datamodel['models'][number]
type Field = Model['fields'][number]

/** A text column without a length, which a sealed text always fits. */
const TEXT = new Set([undefined, 'Text'])
const ID_TYPES = new Set([undefined, 'Text', 'Uuid', 'VarChar'])

/** The sealed map of a Prisma schema, and everything that is wrong with its annotations. */
export interface SealedSchema {
  readonly map: StoredMap
  /** Sealed fields (`Model.field`) that may be null. */
  readonly nullable: ReadonlySet<string>
  readonly faults: readonly string[]
}

/**
 * Reads the `@encrypted` annotations of a schema. `source` is the schema's text: it shows the annotations
 * that Prisma drops because nothing stands under them, or that have two slashes instead of three.
 */
export function readSealedSchema(datamodel: Datamodel, source: string): SealedSchema {
  const faults: string[] = []
  const nullable = new Set<string>()
  const map: Record<string, StoredModel> = {}
  let seen = 0
  for (const model of datamodel.models) {
    seen += countAnnotations(model.fields)
    map[model.name] = readModel(model, datamodel, faults)
    for (const field of model.fields) if (!field.isRequired) nullable.add(`${model.name}.${field.name}`)
  }
  faults.push(...faultsElsewhere(datamodel))
  const written = source.split('\n').filter((line) => meansAnnotation(/\/\/+(.*)$/.exec(line)?.[1])).length
  if (faults.length === 0 && written !== seen) {
    faults.push(
      `the schema has ${written} @encrypted annotations, and ${seen} of them belong to a column: write \`///\` directly over it`,
    )
  }
  return { map, nullable, faults }
}

function countAnnotations(fields: readonly Field[]): number {
  return fields.filter((field) => meansAnnotation(field.documentation)).length
}

function faultsElsewhere({ models, enums, types }: Datamodel): string[] {
  return [
    ...models
      .filter((model) => meansAnnotation(model.documentation))
      .map(({ name }) => `${name}: annotates a model`),
    ...types
      .filter((type) => meansAnnotation(type.documentation))
      .map(({ name }) => `${name}: annotates a type`),
    ...enums
      .filter((each) => meansAnnotation(each.documentation))
      .map(({ name }) => `${name}: annotates an enum`),
  ].map((fault) => `${fault}; only a column can be sealed`)
}

function readModel(model: Model, datamodel: Datamodel, faults: string[]): StoredModel {
  const fields: Record<string, FieldSpec> = {}
  for (const field of model.fields) {
    const annotation = parseAnnotation(field.documentation ?? '')
    if (annotation === undefined) continue
    const wrong = 'keyring' in annotation ? faultsOfColumn(field, model, datamodel) : annotation
    faults.push(...wrong.map((fault) => `${model.name}.${field.name}: ${fault}`))
    if ('keyring' in annotation) fields[field.name] = { model: model.name, field: field.name, ...annotation }
  }
  faults.push(...faultsOfModel(model, fields))
  const id = model.fields.find((field) => field.isId && field.type === 'String')
  const sealsSomething = Object.keys(fields).length > 0
  return {
    model: model.name,
    id: id?.name ?? '',
    makesId: id !== undefined && makesId(id, sealsSomething),
    uuidId: id?.nativeType?.[0] === 'Uuid',
    table: [...(model.schema ? [model.schema] : []), model.dbName ?? model.name],
    fields,
    columns: columnsOf(model, fields),
    relations: relationsOf(model),
  }
}

/** A row with sealed columns needs its id before it is written, whatever default the database would give it. */
function makesId(id: Field, sealsSomething: boolean): boolean {
  return !id.isReadOnly && ID_TYPES.has(id.nativeType?.[0]) && (sealsSomething || !id.hasDefaultValue)
}

function columnsOf(model: Model, fields: Readonly<Record<string, Annotation>>): Record<string, string> {
  const names = Object.entries(fields).flatMap(([name, { index }]) => (index ? [name, index.column] : [name]))
  return Object.fromEntries(
    names.map((name) => [name, model.fields.find((field) => field.name === name)?.dbName ?? name]),
  )
}

function relationsOf(model: Model): Record<string, { model: string; list: boolean }> {
  const relations = model.fields.filter((field) => field.kind === 'object')
  return Object.fromEntries(relations.map(({ name, type, isList }) => [name, { model: type, list: isList }]))
}

function faultsOfColumn(field: Field, model: Model, datamodel: Datamodel): string[] {
  if (field.kind !== 'scalar' || field.type !== 'String' || field.isList) {
    return ['only a String column can be sealed; `type` says what it holds']
  }
  const keys = [model.primaryKey?.fields ?? [], ...model.uniqueFields]
  const indexed = datamodel.indexes.filter((index) => index.model === model.name)
  return [
    (field.isId || field.isUnique || keys.some((key) => key.includes(field.name))) &&
      'a sealed column cannot be an id or unique: the same value never seals to the same text; make its index column unique',
    indexed.some(
      (index) => index.type === 'normal' && index.fields.some(({ name }) => name === field.name),
    ) && 'a database index over a sealed column finds nothing; index its index column',
    field.hasDefaultValue && 'a sealed column cannot have a default: the database cannot seal it',
    field.isReadOnly && 'a sealed column cannot be a foreign key',
    !TEXT.has(field.nativeType?.[0]) && 'a sealed column must be text without a length',
  ].filter((fault) => typeof fault === 'string')
}

function faultsOfModel(model: Model, sealed: Readonly<Record<string, FieldSpec>>): string[] {
  const specs = Object.values(sealed)
  if (specs.length === 0) return []
  return [...faultsOfId(model), ...specs.flatMap((spec) => faultsOfIndex(spec, specs, model))]
}

function faultsOfId(model: Model): string[] {
  const id = model.fields.find((field) => field.isId)
  if (id?.type !== 'String' || !ID_TYPES.has(id.nativeType?.[0])) {
    return [
      `${model.name}: a model with sealed columns needs a single-column String @id (uuid or text): it is bound to them`,
    ]
  }
  return id.isReadOnly
    ? [
        `${model.name}: the @id of a model with sealed columns cannot be a foreign key: a change of it would leave them shut`,
      ]
    : []
}

function faultsOfIndex(spec: FieldSpec, specs: readonly FieldSpec[], model: Model): string[] {
  if (spec.index === undefined) return []
  const name = spec.index.column
  const column = model.fields.find((field) => field.name === name)
  const shared = specs.filter(({ index }) => index?.column === name)
  const owner = model.fields.find((field) => field.name === spec.field)
  return [
    column === undefined && 'does not exist',
    column !== undefined &&
      !isPlainText(column) &&
      'must be a String column of text without a length, default or relation',
    specs.some(({ field }) => field === name) && 'is sealed itself',
    shared.length > 1 && shared[0] !== spec && `is ${model.name}.${shared[0]?.field ?? ''}'s already`,
    column?.isRequired === true && owner?.isRequired === false && 'must be optional, as the sealed column is',
  ]
    .filter((fault) => typeof fault === 'string')
    .map((fault) => `${spec.model}.${spec.field}: index column \`${name}\` ${fault}`)
}

function isPlainText(column: Field): boolean {
  const plain = column.kind === 'scalar' && column.type === 'String' && !column.isList && !column.isId
  return plain && !column.hasDefaultValue && !column.isReadOnly && TEXT.has(column.nativeType?.[0])
}

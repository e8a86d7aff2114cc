import type { GraphQLSchema } from 'graphql'
import { seenInClearBy } from './describe.ts'
import { soundRules, type FieldRule, type MaskRule } from './rules.ts'

/** What a schema says of one coordinate: a field, or a restricted argument, input field or enum value. */
export interface PolicyRow {
  readonly coordinate: string
  /** One of these is needed; `public` for everyone; empty when nothing is said, so that the way to it decides. */
  readonly access: readonly string[] | 'public'
  /** Such as `EMAIL` or `PARTIAL(first: 0, last: 4, with: "*")`. */
  readonly mask: string | null
  /** Who sees it in clear all the same: roles, and `owner`. */
  readonly unless: readonly string[]
  readonly sealed: boolean
}

const maskOf = ({ strategy, first, last, with: star }: MaskRule): string =>
  strategy === 'PARTIAL' ? `PARTIAL(first: ${first}, last: ${last}, with: ${JSON.stringify(star)})` : strategy

function rowOf({ coordinate, roles, isPublic, mask, encrypted }: FieldRule): PolicyRow {
  return {
    coordinate,
    access: isPublic ? 'public' : [...(roles ?? [])].sort(),
    mask: mask && maskOf(mask),
    unless: mask ? seenInClearBy(mask).sort() : [],
    sealed: encrypted,
  }
}

const byCoordinate = (a: PolicyRow, b: PolicyRow): number =>
  a.coordinate < b.coordinate ? -1 : Number(a.coordinate > b.coordinate)

/** What a schema's directives say, one row for each coordinate, in order. Throws `SchemaFault` where one cannot be read. */
export function describePolicy(schema: GraphQLSchema): PolicyRow[] {
  const { fields, restricted } = soundRules(schema)
  const inputs = [...restricted].map(([coordinate, roles]): PolicyRow => {
    return { coordinate, access: [...roles].sort(), mask: null, unless: [], sealed: false }
  })
  return [...[...fields.values()].map(rowOf), ...inputs].sort(byCoordinate)
}

function cellsOf({ coordinate, access, mask, unless, sealed }: PolicyRow): string[] {
  const roles = access === 'public' ? access : access.join(', ')
  return [coordinate, roles, mask ?? '', unless.join(', '), sealed ? 'sealed' : ''].map((cell) => cell || '-')
}

/** The policy as text for a lock file: one line a row, not aligned, so that a change of one row is a change of one line. */
export function printPolicy(rows: readonly PolicyRow[]): string {
  const lines = rows.map((row) => cellsOf(row).join(' | '))
  return `${['# coordinate | access | mask | unless | sealing', ...lines].join('\n')}\n`
}

/** The policy as a table for the docs. */
export function printPolicyAsMarkdown(rows: readonly PolicyRow[]): string {
  const lines = rows.map((row) => {
    const [coordinate = '', ...cells] = cellsOf(row)
    return `| \`${coordinate}\` | ${cells.join(' | ')} |`
  })
  return `${['| Coordinate | Access | Mask | In clear for | Sealing |', '| --- | --- | --- | --- | --- |', ...lines].join('\n')}\n`
}

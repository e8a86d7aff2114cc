/** One line of the table: a cost of ours beside that of the baseline, both measured in this run. */
export interface Row {
  readonly what: string
  readonly against: string
  readonly unit: 'us' | 'ms' | 'requests/s' | 'calls' | 'MB'
  readonly baseline: number
  readonly ours: number
  /** What the limit is about: ours / baseline, or a number of ours alone. */
  readonly limitOf: 'RATIO' | 'OURS'
  /** Null where design.md §9 sets none. */
  readonly limit: { readonly kind: 'AT_MOST' | 'AT_LEAST'; readonly value: number } | null
}

export const atMost = (value: number): Row['limit'] => ({ kind: 'AT_MOST', value })
export const atLeast = (value: number): Row['limit'] => ({ kind: 'AT_LEAST', value })

export const ratioOf = ({ ours, baseline }: Row): number => ours / baseline

export function isWithin(row: Row): boolean | null {
  if (row.limit === null) return null
  const measured = row.limitOf === 'RATIO' ? ratioOf(row) : row.ours
  return row.limit.kind === 'AT_MOST' ? measured <= row.limit.value : measured >= row.limit.value
}

export function describeLimit({ limit, limitOf }: Row): string {
  if (limit === null) return '-'
  return `${limit.kind === 'AT_MOST' ? '<=' : '>='} ${limit.value}${limitOf === 'RATIO' ? ' x' : ''}`
}

const HEADINGS = ['what', 'against', 'baseline', 'ours', 'ratio', 'limit', 'within?']
const WORDS = new Map<boolean | null, string>([
  [true, 'yes'],
  [false, 'NO'],
  [null, '-'],
])

function amount(value: number, unit: Row['unit']): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : 2
  return `${value.toFixed(digits)} ${unit}`
}

function cellsOf(row: Row): string[] {
  return [
    row.what,
    row.against,
    amount(row.baseline, row.unit),
    amount(row.ours, row.unit),
    row.limitOf === 'RATIO' ? `${ratioOf(row).toFixed(2)} x` : '-',
    describeLimit(row),
    WORDS.get(isWithin(row)) ?? '',
  ]
}

/** A Markdown table, so that it can go into a document as it is. */
export function formatTable(rows: readonly Row[]): string {
  const lines = [HEADINGS, ...rows.map(cellsOf)]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const [heading, ...rest] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  )
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [heading, rule, ...rest].join('\n')
}

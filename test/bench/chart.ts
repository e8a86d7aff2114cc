/** The ratios as bars: ours against a baseline of 1, with the limit as a tick. */
import { describeLimit, isWithin, ratioOf, type Row } from './table.ts'

const LEFT = 330
const WIDTH = 420
const RIGHT = 150
const LINE = 34
const TOP = 62
const LEAST_AXIS = 3
const COLOURS = { good: '#1a7f4e', bad: '#c2410c', none: '#64748b' }

const escape = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escape(content)}</text>`
}

function colourOf(row: Row): string {
  const within = isWithin(row)
  if (within === null) return COLOURS.none
  return within ? COLOURS.good : COLOURS.bad
}

function bar(row: Row, index: number, scale: (ratio: number) => number): string {
  const y = TOP + index * LINE
  const ratio = ratioOf(row)
  const limit =
    row.limit === null
      ? ''
      : `<line x1="${scale(row.limit.value)}" x2="${scale(row.limit.value)}" y1="${y - 4}" y2="${y + 22}" stroke="#111827" stroke-width="2"/>`
  const value = `${ratio.toFixed(2)} x${row.limit === null ? '' : `  (${describeLimit(row)})`}`
  return [
    text(LEFT - 12, y + 8, row.what, 'text-anchor="end"'),
    text(LEFT - 12, y + 21, `against ${row.against}`, 'text-anchor="end" font-size="10" fill="#64748b"'),
    `<rect x="${LEFT}" y="${y}" width="${scale(ratio) - LEFT}" height="18" fill="${colourOf(row)}"/>`,
    limit,
    text(LEFT + WIDTH + 12, y + 13, value),
  ].join('\n')
}

/** An SVG of every row that is a ratio. */
export function drawChart(rows: readonly Row[], machine: string): string {
  const shown = rows.filter(({ limitOf }) => limitOf === 'RATIO')
  const axis = Math.max(LEAST_AXIS, ...shown.map(ratioOf), ...shown.map(({ limit }) => limit?.value ?? 0))
  const scale = (ratio: number) => Math.round(LEFT + (ratio / axis) * WIDTH)
  const width = LEFT + WIDTH + RIGHT
  const height = TOP + shown.length * LINE + 16
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#111827">
<title>Sealpay against its baselines</title>
<desc>${escape(shown.map((row) => `${row.what}: ${ratioOf(row).toFixed(2)} times ${row.against}`).join('; '))}</desc>
<rect width="100%" height="100%" fill="#ffffff"/>
${text(16, 22, 'Sealpay, as a multiple of the baseline', 'font-size="15" font-weight="600"')}
${text(16, 40, `Black tick: the limit. ${machine}`, 'font-size="11" fill="#64748b"')}
<line x1="${scale(1)}" x2="${scale(1)}" y1="${TOP - 8}" y2="${height - 12}" stroke="#94a3b8" stroke-dasharray="4 3"/>
${text(scale(1), TOP - 10, '1 x', 'text-anchor="middle" font-size="10" fill="#64748b"')}
${shown.map((row, index) => bar(row, index, scale)).join('\n')}
</svg>
`
}

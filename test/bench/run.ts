/**
 * `npm run bench`: measures the rows of design.md §9, prints them, and keeps them in docs/bench.json and
 * docs/bench.svg. `-- --quick` proves that everything runs and keeps nothing; `-- heap requests` runs those rows
 * alone and keeps nothing either. A ratio beyond its limit is marked, and is no failure.
 */
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { drawChart } from './chart.ts'
import { benchHeap } from './heap.ts'
import { FULL, QUICK, type Effort } from './measure.ts'
import { benchRequests } from './requests.ts'
import { benchSealField } from './seal-field.ts'
import { formatTable, isWithin, ratioOf, type Row } from './table.ts'
import { benchThousandObjects } from './thousand-objects.ts'
import { benchThousandRows } from './thousand-rows.ts'
import { benchWarmKeys } from './warm-keys.ts'

const DOCS = path.resolve(import.meta.dirname, '../../docs')

const BENCHES: Readonly<Record<string, (effort: Effort) => Promise<Row[]>>> = {
  'seal-field': benchSealField,
  'thousand-rows': benchThousandRows,
  'thousand-objects': benchThousandObjects,
  requests: benchRequests,
  'warm-keys': benchWarmKeys,
  heap: benchHeap,
}

const say = (text: string) => process.stdout.write(`${text}\n`)

function describeMachine() {
  const [first, ...rest] = cpus()
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: rest.length + 1,
    processor: first?.model.trim() ?? 'unknown',
    loadAverage: loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
  }
}

async function keep(rows: readonly Row[], machine: ReturnType<typeof describeMachine>): Promise<void> {
  const measured = rows.map((row) => ({ ...row, ratio: ratioOf(row), within: isWithin(row) }))
  const record = { measuredAt: new Date().toISOString(), machine, rows: measured }
  await writeFile(path.join(DOCS, 'bench.json'), `${JSON.stringify(record, null, 2)}\n`)
  const words = `${machine.cores} cores, Node ${machine.node}, ${record.measuredAt.slice(0, 10)}`
  await writeFile(path.join(DOCS, 'bench.svg'), drawChart(rows, words))
  say(`Kept in ${path.relative(process.cwd(), DOCS)}/bench.json and bench.svg.`)
}

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES)
const machine = describeMachine()
say(
  `${machine.processor}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}, load ${machine.loadAverage}`,
)
const rows: Row[] = []
for (const name of names) {
  const bench = BENCHES[name]
  if (bench === undefined) throw new Error(`${name} is none of ${Object.keys(BENCHES).join(', ')}.`)
  say(`${name} ...`)
  rows.push(...(await bench(values.quick ? QUICK : FULL)))
}
say(`\n${formatTable(rows)}\n`)
if (!values.quick && positionals.length === 0) await keep(rows, machine)

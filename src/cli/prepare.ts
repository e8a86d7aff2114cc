/**
 * Run by npm before `start` and `test`: generates what is missing or older than its sources, and says nothing
 * when nothing is. `--force` makes all of it. It imports nothing generated.
 */
import path from 'node:path'
import { isFresh, make, StepFault, type Step } from './prepare/step.ts'
import { stepsIn } from './prepare/steps.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Prisma asks for a native engine that it never uses here; any existing file will do, and nothing is downloaded. */
const ENVIRONMENT = {
  ...process.env,
  PATH: `${path.join(ROOT, 'node_modules/.bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
  NODE_ENV: 'production',
}

async function makeAndSay(step: Step): Promise<void> {
  const started = performance.now()
  await make(ROOT, step, ENVIRONMENT)
  console.log(`generated the ${step.name} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

const force = process.argv.includes('--force')
const due = stepsIn(ROOT).filter((step) => force || !isFresh(ROOT, step))
for (const outcome of await Promise.allSettled(due.map(makeAndSay))) {
  if (outcome.status === 'fulfilled') continue
  const reason: unknown = outcome.reason
  if (!(reason instanceof StepFault)) throw reason
  console.error(reason.message)
  process.exitCode = 1
}

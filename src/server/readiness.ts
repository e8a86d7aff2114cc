import { withDeadline } from './deadline.ts'
import { jsonAnswer, type Answer } from './answer.ts'

type Check = () => Promise<void>

export interface ReadinessOptions {
  readonly checks: Readonly<Record<string, Check>>
  /** How long one check may take. */
  readonly deadlineMs: number
  isDraining(): boolean
  onFailure(check: string, error: unknown): void
}

type Result = Readonly<Record<string, 'ok' | 'failed'>>

async function runCheck(
  name: string,
  check: Check,
  options: ReadinessOptions,
): Promise<[string, 'ok' | 'failed']> {
  try {
    await withDeadline(check(), options.deadlineMs, () => new Error('the check took too long'))
    return [name, 'ok']
  } catch (error) {
    options.onFailure(name, error)
    return [name, 'failed']
  }
}

async function runChecks(options: ReadinessOptions): Promise<Result> {
  const running = Object.entries(options.checks).map(([name, check]) => runCheck(name, check, options))
  return Object.fromEntries(await Promise.all(running))
}

/**
 * `/readyz`: whether this process should be sent requests. However often it is asked, the checks run once
 * at a time, so that nobody can use it to busy what it checks.
 */
export function createReadiness(options: ReadinessOptions): () => Promise<Answer> {
  let running: Promise<Result> | undefined
  return async () => {
    if (options.isDraining()) return jsonAnswer(503, { status: 'draining', checks: {} })
    running ??= runChecks(options).finally(() => {
      running = undefined
    })
    const checks = await running
    const ready = Object.values(checks).every((result) => result === 'ok')
    return jsonAnswer(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks })
  }
}

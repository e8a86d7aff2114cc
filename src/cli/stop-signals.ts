/** Ctrl-C and SIGTERM: the first asks to stop in good order, a second one insists. */
import { EXIT } from './faults.ts'

/** npm passes on the Ctrl-C that the terminal sent to us as well: a second one so soon is the same one. */
const SAME_MS = 500

export interface StopSignals {
  /** Resolves at the first signal. */
  readonly asked: Promise<unknown>
  /** What is done before the process ends at a second one, without waiting. */
  onInsisted(action: () => void): void
  /** Lets signals end the process again. */
  release(): void
}

export function listenForStop(): StopSignals {
  const actions: (() => void)[] = []
  const { promise: asked, resolve } = Promise.withResolvers<undefined>()
  let first: number | undefined
  const hear = () => {
    if (first === undefined) {
      first = performance.now()
      resolve(undefined)
      return
    }
    if (performance.now() - first < SAME_MS) return
    for (const action of actions) action()
    process.exit(EXIT.fault)
  }
  process.on('SIGINT', hear)
  process.on('SIGTERM', hear)
  return {
    asked,
    onInsisted: (action) => void actions.push(action),
    release() {
      process.off('SIGINT', hear)
      process.off('SIGTERM', hear)
    },
  }
}

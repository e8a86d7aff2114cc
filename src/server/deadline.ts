/**
 * Settles as `work` does, or rejects with `late()` after `ms`. What comes later is ignored, so that it is
 * not an unhandled rejection. Waiting alone does not keep the process alive.
 */
export function withDeadline<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms)
    timer.unref()
    work.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error instanceof Error ? error : new Error('rejected with something that is not an error'))
      },
    )
  })
}

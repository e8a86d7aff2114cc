/** How much one run does: `--quick` proves that everything runs, and its numbers are rough. */
export interface Effort {
  readonly rounds: number
  /** How long one round of requests lasts. */
  readonly seconds: number
  /** Requests before the heap is measured first; ten times as many before it is measured again. */
  readonly heapRequests: number
}

export const FULL: Effort = { rounds: 25, seconds: 3, heapRequests: 10_000 }
export const QUICK: Effort = { rounds: 5, seconds: 1, heapRequests: 1000 }

/** Does its work once and tells how long it took, or how much of it was done. */
export type Sample = () => number | Promise<number>

const WARM_UPS = 3

/**
 * The median of each sample over interleaved rounds, so that whatever else the machine does meets all of them
 * alike. The order turns round every time: what one leaves behind (garbage, a warm cache) meets each other.
 */
export async function measureInTurn<Name extends string>(
  rounds: number,
  samples: Readonly<Record<Name, Sample>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(samples) as Name[]
  const taken = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = -WARM_UPS; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await samples[name]()
      if (round >= 0) taken.get(name)?.push(value)
    }
  }
  return Object.fromEntries([...taken].map(([name, values]) => [name, median(values)])) as Record<
    Name,
    number
  >
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2
}

/** Microseconds a call of something synchronous. */
export function timeCalls(calls: number, call: () => unknown): Sample {
  return () => {
    const start = performance.now()
    for (let index = 0; index < calls; index += 1) call()
    return ((performance.now() - start) / calls) * 1000
  }
}

/** Milliseconds that pass during some work, without those of what prepares it. */
export function timeWork<T>(work: (prepared: T) => unknown, prepare: () => T | Promise<T>): Sample {
  return async () => {
    const prepared = await prepare()
    const start = performance.now()
    await work(prepared)
    return performance.now() - start
  }
}

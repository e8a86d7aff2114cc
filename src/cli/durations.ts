import { InvalidArgumentError } from '@commander-js/extra-typings'

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const
const MOST = 30 * SECONDS.d

/** Reads a duration such as `90s`, `15m`, `1h` or `7d`, as seconds; a month at most. */
export function parseDuration(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,6})([smhd])$/.exec(text) ?? []
  const seconds = Number(count) * SECONDS[unit as keyof typeof SECONDS]
  if (!(seconds <= MOST)) throw new InvalidArgumentError('Say it as 90s, 15m, 1h or 7d; 30d at most.')
  return seconds
}

import { v7 } from 'uuid'

/** A clock of the past, and ids that fit it. */
export interface DemoClock {
  readonly now: () => Date
  /** UUIDv7 of the clock's time: later ones sort later. */
  readonly newId: () => string
  /** Goes on by so many hours, at most to the present. */
  readonly passHours: (hours: number) => void
}

const HOUR_MS = 3_600_000
const TICK_MS = 7

/** Begins at `start`; each reading is a little later, so that what happens in order sorts in order. */
export function startClock(start: Date, present: Date): DemoClock {
  let time = start.getTime()
  const tick = () => (time += TICK_MS)
  return {
    now: () => new Date(tick()),
    newId: () => v7({ msecs: tick() }),
    passHours: (hours) => {
      time = Math.max(time, Math.min(time + hours * HOUR_MS, present.getTime()))
    },
  }
}

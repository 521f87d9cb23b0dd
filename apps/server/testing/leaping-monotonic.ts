import { type Monotonic, systemMonotonic } from '#base/kernel'

/** Machinery's time, which can be moved ahead. Timers that run already do not notice. */
export interface LeapingMonotonic extends Monotonic {
  leap(ms: number): void
}

export function leapingMonotonic(): LeapingMonotonic {
  const system = systemMonotonic()
  let leapt = 0
  return {
    ...system,
    now: () => system.now() + leapt,
    leap(ms) {
      leapt += ms
    },
  }
}

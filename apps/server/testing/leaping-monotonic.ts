import { type Monotonic, systemMonotonic } from '#base/kernel'

/** Machinery's time, which can be moved ahead. Timers that run already do not notice. */
export interface LeapingMonotonic extends Monotonic {
  leap(ms: number): void
  /** Rings the timers that were set to exactly so long, 10 s or more, and answers how many. */
  ring(ms: number): number
}

const LONG_MS = 10_000

export function leapingMonotonic(): LeapingMonotonic {
  const system = systemMonotonic()
  const long = new Set<{ ms: number; ring: () => void }>()
  let leapt = 0
  return {
    ...system,
    now: () => system.now() + leapt,
    after(ms, ring, options) {
      if (ms < LONG_MS) return system.after(ms, ring, options)
      const running = system.after(ms, () => timer.ring(), options)
      const end = () => {
        long.delete(timer)
        running[Symbol.dispose]()
      }
      const timer = {
        ms,
        ring() {
          end()
          ring()
        },
      }
      long.add(timer)
      return { [Symbol.dispose]: end }
    },
    leap(ms) {
      leapt += ms
    },
    ring(ms) {
      const due = [...long].filter((timer) => timer.ms === ms)
      for (const { ring } of due) ring()
      return due.length
    },
  }
}

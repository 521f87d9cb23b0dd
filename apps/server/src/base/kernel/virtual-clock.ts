import type { Clock } from './clock.ts'

/** Something that does work at points of domain time, and that `advance` has to wait for. */
export interface ClockFollower {
  /** The next instant at which this follower has work to do; `undefined` when there is none. */
  nextDueAt(): Promise<number | undefined>
  /** Does everything that is due now, and resolves when nothing is running or due any more. */
  settle(): Promise<void>
}

/** A clock that stands still until it is moved. */
export interface VirtualClock extends Clock {
  /**
   * Moves domain time forward by `ms`: stops at every instant at which a follower has work, in order, and
   * waits there until nothing is running or due.
   */
  advance(ms: number): Promise<void>
  follow(follower: ClockFollower): Disposable
}

export function virtualClock(startAt: number): VirtualClock {
  let now = startAt
  const alarms = new Set<{ at: number; ring: () => void }>()
  const followers = new Set<ClockFollower>()

  function moveTo(instant: number): void {
    now = Math.max(now, instant)
    const due = [...alarms].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
    for (const alarm of due) {
      if (alarms.delete(alarm)) alarm.ring()
    }
  }

  async function settleAll(): Promise<void> {
    for (const follower of followers) await follower.settle()
  }

  async function nextInstant(): Promise<number | undefined> {
    const due = await Promise.all([...followers].map((follower) => follower.nextDueAt()))
    const instants = [...due, ...[...alarms].map(({ at }) => at)].filter((at) => at !== undefined)
    return instants.length === 0 ? undefined : Math.min(...instants)
  }

  return {
    isVirtual: true,
    now: () => now,
    alarm(at, ring) {
      const alarm = { at, ring }
      if (at <= now) queueMicrotask(() => alarms.delete(alarm) && ring())
      alarms.add(alarm)
      return { [Symbol.dispose]: () => void alarms.delete(alarm) }
    },
    async advance(ms) {
      const target = now + ms
      await settleAll()
      for (;;) {
        const next = await nextInstant()
        if (next === undefined || next > target) break
        moveTo(next)
        await settleAll()
      }
      moveTo(target)
      await settleAll()
    },
    follow(follower) {
      followers.add(follower)
      return { [Symbol.dispose]: () => void followers.delete(follower) }
    },
  }
}

import { PassingSet } from './passing-map.ts'
import { type Clock, systemClock } from './clock.ts'

/** Something that does work at points of domain time, and that `advance` has to wait for. */
export interface ClockFollower {
  /** The next instant at which this follower has work to do; `undefined` when there is none. */
  nextDueAt(): Promise<number | undefined>
  /** Does everything that is due now, and resolves when nothing is running or due any more. */
  settle(): Promise<void>
}

/** A clock that is moved. Between moves it stands still, or ticks with the system's. It is never set back. */
export interface VirtualClock extends Clock {
  readonly isTicking: boolean
  /**
   * Moves domain time forward by `ms`: stops at every instant at which a follower has work, in order, and
   * waits there until nothing is running or due. Moves that are asked for meanwhile follow.
   */
  advance(ms: number): Promise<void>
  /** The same, to an instant. An earlier one leaves the clock where it is. */
  advanceTo(instant: number): Promise<void>
  /** Goes on from that instant, without a stop at what became due before it: when a server starts again. */
  goOnFrom(instant: number): void
  /** From now on it ticks with the system's clock, as far ahead of it or behind it as it is. */
  tick(): void
  /** From now on it stands still. */
  hold(): void
  follow(follower: ClockFollower): Disposable
}

export function isVirtual(clock: Clock): clock is VirtualClock {
  return clock.isVirtual === true
}

interface Alarm {
  readonly at: number
  readonly ring: () => void
  /** Only while the clock ticks. */
  timer?: Disposable | undefined
}

/** Stands still at `startAt` until it is moved or ticks. `system` is what it ticks with. */
export function virtualClock(startAt: number, system: Clock = systemClock()): VirtualClock {
  /** Where it stands, or the latest instant that was asked for while it ticks. */
  let reached = startAt
  /** How far it is ahead of the system's clock, while it ticks. */
  let aheadMs: number | undefined
  let moves: Promise<unknown> = Promise.resolve()
  const alarms = new PassingSet<Alarm>()
  const followers = new PassingSet<ClockFollower>()

  function now(): number {
    // The system's clock may be set back; this one is not.
    if (aheadMs !== undefined) reached = Math.max(reached, system.now() + aheadMs)
    return reached
  }

  function ring(alarm: Alarm): void {
    alarm.timer?.[Symbol.dispose]()
    if (alarms.delete(alarm)) alarm.ring()
  }

  function arm(alarm: Alarm): void {
    alarm.timer?.[Symbol.dispose]()
    alarm.timer =
      aheadMs === undefined ? undefined : system.alarm(alarm.at - aheadMs, () => ring(alarm))
  }

  function moveTo(instant: number): void {
    reached = Math.max(reached, instant)
    const due = [...alarms].filter(({ at }) => at <= reached).sort((a, b) => a.at - b.at)
    for (const alarm of due) ring(alarm)
  }

  function setPace(ahead: number | undefined): void {
    now()
    aheadMs = ahead
    for (const alarm of alarms) arm(alarm)
  }

  async function settleAll(): Promise<void> {
    for (const follower of followers) await follower.settle()
  }

  async function nextInstant(): Promise<number | undefined> {
    const due = await Promise.all([...followers].map((follower) => follower.nextDueAt()))
    const instants = [...due, ...[...alarms].map(({ at }) => at)].filter((at) => at !== undefined)
    return instants.length === 0 ? undefined : Math.min(...instants)
  }

  async function stepTo(target: number): Promise<void> {
    await settleAll()
    for (;;) {
      const next = await nextInstant()
      if (next === undefined || next > target) break
      moveTo(next)
      await settleAll()
    }
    moveTo(target)
    await settleAll()
  }

  /** One move after the other. The clock stands still at each stop, and ticks again afterwards if it did. */
  function move(targetOf: () => number): Promise<void> {
    const moved = moves.then(async () => {
      const ticked = aheadMs !== undefined
      setPace(undefined)
      try {
        await stepTo(targetOf())
      } finally {
        if (ticked) setPace(reached - system.now())
      }
    })
    // Who asked for the move hears of its failure; the next one goes on from there.
    moves = moved.catch(() => undefined)
    return moved
  }

  return {
    isVirtual: true,
    get isTicking() {
      return aheadMs !== undefined
    },
    now,
    alarm(at, onDue) {
      const alarm: Alarm = { at, ring: onDue }
      alarms.add(alarm)
      if (at <= now()) queueMicrotask(() => ring(alarm))
      else arm(alarm)
      return {
        [Symbol.dispose]() {
          alarm.timer?.[Symbol.dispose]()
          alarms.delete(alarm)
        },
      }
    },
    advance: (ms) => move(() => reached + ms),
    advanceTo: (instant) => move(() => Math.max(reached, instant)),
    goOnFrom: moveTo,
    tick: () => setPace(now() - system.now()),
    hold: () => setPace(undefined),
    follow(follower) {
      followers.add(follower)
      return { [Symbol.dispose]: () => void followers.delete(follower) }
    },
  }
}

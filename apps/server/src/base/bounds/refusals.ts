import type { Monotonic } from '#base/kernel'

/** For so long after a refusal, its caller was told, it is of no use to ask again. */
const TOLD_MS = 1000
/** Longer than that nobody is held, on average. */
const MAX_HOLD_MS = 1000
const MIN_HOLD_MS = 50
const WINDOW_MS = 100

/** Callers that are refused and told when to ask again. */
export interface Refusals {
  /**
   * To be awaited before the caller is told. One that asks again too soon waits when there are many such callers: to refuse them all
   * again and again would take the time in which others are served.
   */
  hold(caller: object): Promise<void> | undefined
}

/** Holds refusals for longer and longer, until there are no more than so many in a second. */
export function openRefusals(
  { now, sleep }: Pick<Monotonic, 'now' | 'sleep'>,
  perSecond: number,
): Refusals {
  const calm = (perSecond * WINDOW_MS) / 1000
  const toldAt = new WeakMap<object, number>()
  let holdMs = 0
  let count = 0
  let windowAt = now()

  function adjust(at: number): void {
    const windows = Math.floor((at - windowAt) / WINDOW_MS)
    if (windows === 0) return
    const inOne = count / windows
    if (inOne > calm) holdMs = Math.min(MAX_HOLD_MS, Math.max(MIN_HOLD_MS, 2 * holdMs))
    else if (inOne < calm / 2) holdMs = holdMs > MIN_HOLD_MS && windows < 10 ? 0.8 * holdMs : 0
    count = 0
    windowAt = at
  }

  return {
    hold(caller) {
      const at = now()
      adjust(at)
      count += 1
      const isEarly = at - (toldAt.get(caller) ?? -Infinity) < TOLD_MS
      // Not all at the same moment.
      const waitMs = isEarly ? holdMs * (0.7 + 0.6 * Math.random()) : 0
      toldAt.set(caller, at + waitMs)
      return waitMs > 0 ? sleep(waitMs) : undefined
    },
  }
}

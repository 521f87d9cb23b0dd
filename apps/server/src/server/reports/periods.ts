import type { AllSettings } from '@parley/contract'

const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** Reports leave at 01:00 UTC (`spec/platform.md` 11). */
const SENT_AFTER_MS = HOUR_MS

/** 1970 began on a Thursday: weeks begin on Mondays. */
const BEGINS_MS = { daily: 0, weekly: 4 * DAY_MS }
const LENGTH_MS = { daily: DAY_MS, weekly: 7 * DAY_MS }

/** How often, where any report leaves. */
export type Rhythm = keyof typeof LENGTH_MS

/** How often reports leave; `undefined` where none does. */
export function rhythmOf({ reports }: Pick<AllSettings, 'reports'>): Rhythm | undefined {
  const { frequency, recipients } = reports
  return frequency === 'none' || recipients.length === 0 ? undefined : frequency
}

export interface Period {
  from: number
  /** Exclusive. */
  to: number
}

/** What the newest report is about: the newest day or week whose report is due at an instant. */
export function newestPeriod(rhythm: Rhythm, now: number): Period {
  const [begins, length] = [BEGINS_MS[rhythm], LENGTH_MS[rhythm]]
  const to = begins + Math.floor((now - SENT_AFTER_MS - begins) / length) * length
  return { from: to - length, to }
}

/** When the next report leaves, later than an instant. */
export function nextDue(rhythm: Rhythm, now: number): number {
  return newestPeriod(rhythm, now).to + LENGTH_MS[rhythm] + SENT_AFTER_MS
}

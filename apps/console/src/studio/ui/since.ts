const HOUR_MS = 3_600_000

/** How far back a page looks, as its address says it. */
export const SINCE_MS = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
} as const
export type Since = keyof typeof SINCE_MS
export const SINCE = ['hour', 'day', 'week', 'month'] as const satisfies readonly Since[]

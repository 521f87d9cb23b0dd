/** Upper bounds of the classes of durations, in seconds; the last class takes the rest. */
const BOUNDS_S = [
  2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1_200, 1_800, 2_700, 3_600,
  5_400, 7_200, 10_800, 14_400, 21_600, 28_800, 43_200, 86_400, 172_800, 345_600, 604_800,
] as const

/** A duration as a figure keeps it: its class, and its value in milliseconds. */
export function durationFigure(ms: number): { bucket: number; value: number } {
  const value = Math.max(0, ms)
  return { bucket: bucketOfDuration(value), value }
}

function bucketOfDuration(ms: number): number {
  const index = BOUNDS_S.findIndex((bound) => ms <= bound * 1000)
  return index === -1 ? BOUNDS_S.length : index
}

/** The upper bound of `share` of the durations, in milliseconds; `undefined` when nothing was counted. */
export function percentileOf(
  counts: ReadonlyMap<number, number>,
  share: number,
): number | undefined {
  const total = counts.values().reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined
  let seen = 0
  for (const [bucket, bound] of BOUNDS_S.entries()) {
    seen += counts.get(bucket) ?? 0
    if (seen >= total * share) return bound * 1000
  }
  return (BOUNDS_S.at(-1) ?? 0) * 1000
}

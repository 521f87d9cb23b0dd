/** Upper bounds of the latency histogram; the last bucket takes the rest. */
const BOUNDS_MS = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000,
  5_000, 10_000, 30_000,
] as const

export const BUCKETS = BOUNDS_MS.length + 1

export function bucketOf(durationMs: number): number {
  let low = 0
  let high: number = BOUNDS_MS.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (durationMs <= (BOUNDS_MS[middle] ?? Infinity)) high = middle
    else low = middle + 1
  }
  return low
}

/** The upper bound of the latency of `share` of the invocations; `undefined` when nothing was counted. */
export function percentile(counts: readonly number[], share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined
  let seen = 0
  for (const [index, count] of counts.entries()) {
    seen += count
    if (seen >= total * share) return BOUNDS_MS[index] ?? BOUNDS_MS.at(-1)
  }
  return BOUNDS_MS.at(-1)
}

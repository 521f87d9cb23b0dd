export interface Summary {
  count: number
  p50Ms: number
  p99Ms: number
}

export function summarize(latencies: readonly number[]): Summary {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) }
}

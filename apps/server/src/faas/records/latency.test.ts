import { expect, test } from 'vitest'
import { bucketOf, BUCKETS, percentile } from './latency.ts'

test('percentiles come from the histogram', () => {
  const counts = Array.from({ length: BUCKETS }, () => 0)
  for (const ms of [1, 1, 1, 1, 1, 1, 1, 1, 1, 900])
    counts[bucketOf(ms)] = (counts[bucketOf(ms)] ?? 0) + 1
  expect(percentile(counts, 0.5)).toBe(1)
  expect(percentile(counts, 0.95)).toBe(1_000)
  expect(percentile([], 0.5)).toBeUndefined()
  expect(bucketOf(1_000_000)).toBe(BUCKETS - 1)
})

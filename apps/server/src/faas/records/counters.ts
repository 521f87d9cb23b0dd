import { boundedMap, declareBound } from '#base/bounds'
import { bucketOf, BUCKETS } from './latency.ts'
import type { RanRecord } from './invocation-record.ts'

const MINUTE_MS = 60_000

const FUNCTIONS = declareBound({
  kind: 'map',
  holds: 'functions whose invocations of this minute are counted',
  limit: 20_000,
  per: 'node',
  beyond: 'the least recently invoked one is forgotten; its next one may be sampled again',
})

export interface MinuteCounts {
  accountId: string
  functionId: string
  minute: number
  SUCCEEDED: number
  CODING_FAILURE: number
  PLATFORM_FAILURE: number
  TIMEOUT: number
  UNKOWN: number
  coldStarts: number
  durationSumMs: number
  latency: number[]
  /** Those that were turned away before they ran, beside their outcome. */
  turnedAway: number
  /** Direct successes of this minute whose input and result are kept. */
  samples: number
}

export type Counted = Pick<
  RanRecord,
  'accountId' | 'functionId' | 'outcome' | 'durationMs' | 'coldStart'
>

/** Counts invocations by function and minute, until the counts are taken to be written. */
export interface Counters {
  add(counted: Counted, at: number, hasRun: boolean): MinuteCounts
  /** Direct successes of this minute whose details are kept. */
  samples(functionId: string, at: number): number
  take(): MinuteCounts[]
  putBack(counts: readonly MinuteCounts[]): void
}

export function openCounters(): Counters {
  let minutes = new Map<string, MinuteCounts>()
  /** By function, each with its key among `minutes`: to write it costs more than to count. */
  const newest = boundedMap<string, { key: string; counts: MinuteCounts }>(FUNCTIONS)

  function minuteOf({ accountId, functionId }: Counted, at: number): MinuteCounts {
    const minute = minuteAt(at)
    const last = newest.get(functionId)
    if (last?.counts.minute === minute) {
      minutes.set(last.key, last.counts)
      return last.counts
    }
    const empty = emptyCounts(accountId, functionId, minute)
    const key = keyOf(empty)
    const counts = minutes.get(key) ?? empty
    newest.set(functionId, { key, counts })
    minutes.set(key, counts)
    return counts
  }

  return {
    add(counted, at, hasRun) {
      const counts = minuteOf(counted, at)
      if (!hasRun) counts.turnedAway++
      counts[counted.outcome]++
      if (counted.coldStart) counts.coldStarts++
      counts.durationSumMs += counted.durationMs
      const bucket = bucketOf(counted.durationMs)
      counts.latency[bucket] = (counts.latency[bucket] ?? 0) + 1
      return counts
    },
    samples(functionId, at) {
      const last = newest.get(functionId)?.counts
      return last?.minute === minuteAt(at) ? last.samples : 0
    },
    take() {
      const taken = [...minutes.values()].map((counts) => ({
        ...counts,
        latency: [...counts.latency],
      }))
      for (const counts of minutes.values()) reset(counts)
      minutes = new Map()
      return taken
    },
    putBack(taken) {
      for (const counts of taken) {
        const key = keyOf(counts)
        const waiting = minutes.get(key)
        const last = newest.get(counts.functionId)?.counts
        const isNewest = last?.minute === counts.minute
        const sum = {
          ...(waiting ? sumOf(waiting, counts) : counts),
          ...(isNewest && { samples: last.samples }),
        }
        minutes.set(key, sum)
        if (isNewest) newest.set(sum.functionId, { key, counts: sum })
      }
    },
  }
}

/** Not by `%`, which is slow for times. */
function minuteAt(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS
}

function keyOf({ accountId, functionId, minute }: MinuteCounts): string {
  return `${accountId} ${functionId} ${minute}`
}

function emptyCounts(accountId: string, functionId: string, minute: number): MinuteCounts {
  return {
    accountId,
    functionId,
    minute,
    SUCCEEDED: 0,
    CODING_FAILURE: 0,
    PLATFORM_FAILURE: 0,
    TIMEOUT: 0,
    UNKOWN: 0,
    coldStarts: 0,
    durationSumMs: 0,
    latency: Array.from({ length: BUCKETS }, () => 0),
    turnedAway: 0,
    samples: 0,
  }
}

/** Resets the sums, but not the samples of the minute. */
function reset(counts: MinuteCounts): void {
  const { accountId, functionId, minute, samples } = counts
  Object.assign(counts, emptyCounts(accountId, functionId, minute), { samples })
}

function sumOf(a: MinuteCounts, b: MinuteCounts): MinuteCounts {
  return {
    ...a,
    SUCCEEDED: a.SUCCEEDED + b.SUCCEEDED,
    CODING_FAILURE: a.CODING_FAILURE + b.CODING_FAILURE,
    PLATFORM_FAILURE: a.PLATFORM_FAILURE + b.PLATFORM_FAILURE,
    TIMEOUT: a.TIMEOUT + b.TIMEOUT,
    UNKOWN: a.UNKOWN + b.UNKOWN,
    coldStarts: a.coldStarts + b.coldStarts,
    durationSumMs: a.durationSumMs + b.durationSumMs,
    latency: a.latency.map((count, bucket) => count + (b.latency[bucket] ?? 0)),
    turnedAway: a.turnedAway + b.turnedAway,
  }
}

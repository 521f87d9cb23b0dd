import type { FunctionHealth, MetricBucket } from '@parley/contract'
import { functionNotFound } from '#faas/functions'
import { invalidPeriod } from '#base/kernel'
import { percentile } from '#faas/records'
import { latencyBy, sumByBucket, sumByFunction } from './repository.ts'
import type { MetricsDeps } from './deps.ts'

const MAX_BUCKETS = 10_000
const MAX_SPAN_MS = 30 * 86_400_000
const SLOW_P95_MS = 1_000
const MESSAGING = /^(controllerbot|surveybot)_messaging_/

export interface Window {
  from: number
  to: number
}

/**
 * All buckets of the window, empty ones included, of one function or of all together. Buckets begin at whole multiples of their size.
 * They are sums of the counts by minute, however much ran.
 */
export async function metricsOf(
  deps: MetricsDeps,
  accountId: string,
  functionId: string | undefined,
  { from, to, bucketMs }: Window & { bucketMs: number },
): Promise<MetricBucket[]> {
  checkWindow({ from, to }, MAX_SPAN_MS)
  const first = Math.floor(from / bucketMs)
  // The command line cannot print an answer without buckets.
  const last = Math.max(Math.ceil(to / bucketMs), first + 1)
  if (last - first > MAX_BUCKETS) {
    throw invalidPeriod(
      'query.bucketSeconds',
      `The period must have at most ${MAX_BUCKETS} buckets`,
    )
  }
  const { db } = deps.store
  if (functionId !== undefined && !(await deps.functions.find(db, accountId, functionId))) {
    throw functionNotFound(accountId, functionId)
  }
  await deps.records.writer.flush()
  const query = { functionId, from: new Date(first * bucketMs), to: new Date(last * bucketMs) }
  const rows = await sumByBucket(db, accountId, query, bucketMs)
  const latency = await latencyBy<number>(db, accountId, query, bucketMs)
  const sums = new Map(rows.map((row) => [row.bucket, row]))
  return Array.from({ length: last - first }, (_, index) => {
    const bucket = first + index
    const row = sums.get(bucket)
    return {
      from: new Date(bucket * bucketMs).toISOString(),
      to: new Date((bucket + 1) * bucketMs).toISOString(),
      SUCCEEDED: row?.succeeded ?? 0,
      UNKOWN: row?.unknown ?? 0,
      CODING_FAILURE: row?.codingFailure ?? 0,
      PLATFORM_FAILURE: row?.platformFailure ?? 0,
      TIMEOUT: row?.timeout ?? 0,
      coldStarts: row?.coldStarts ?? 0,
      ...percentiles(latency.get(bucket)),
    }
  })
}

/** One entry for each function of the account. */
export async function functionsHealth(
  deps: MetricsDeps,
  accountId: string,
  window: Window,
): Promise<FunctionHealth[]> {
  const { sums, latency, functions } = await readByFunction(deps, accountId, window)
  const ran = new Map(sums.map((row) => [row.functionId, row]))
  return functions.map((owner) => {
    const row = ran.get(owner.functionId)
    const failures = row ? row.codingFailure + row.platformFailure + row.timeout + row.unknown : 0
    const measured = percentiles(latency.get(owner.functionId))
    return {
      functionId: owner.functionId,
      name: owner.name,
      ...(owner.eventId !== undefined && { eventId: owner.eventId }),
      invocations: (row?.succeeded ?? 0) + failures,
      failures,
      coldStarts: row?.coldStarts ?? 0,
      ...measured,
      slow: MESSAGING.test(owner.eventId ?? '') && (measured.p95Ms ?? 0) > SLOW_P95_MS,
    }
  })
}

/** Counts and latency of each function that ran in the window, by published state; without a name where it is deleted. */
export async function functionTotals(deps: MetricsDeps, accountId: string, window: Window) {
  const { sums, latency, functions } = await readByFunction(deps, accountId, window)
  const names = new Map(functions.map(({ functionId, name }) => [functionId, name]))
  return sums.map(({ functionId, ...row }) => ({
    functionId,
    name: names.get(functionId),
    SUCCEEDED: row.succeeded,
    CODING_FAILURE: row.codingFailure,
    PLATFORM_FAILURE: row.platformFailure,
    TIMEOUT: row.timeout,
    UNKOWN: row.unknown,
    ...percentiles(latency.get(functionId)),
  }))
}

async function readByFunction(deps: MetricsDeps, accountId: string, { from, to }: Window) {
  checkWindow({ from, to }, MAX_SPAN_MS)
  await deps.records.writer.flush()
  const { db } = deps.store
  const query = { from: new Date(from), to: new Date(to) }
  const sums = await sumByFunction(db, accountId, query)
  const latency = await latencyBy<string>(db, accountId, query, undefined)
  return { sums, latency, functions: await deps.functions.drafts.list(accountId, {}) }
}

/** Successful and failed invocations of the whole account; of those that did not run, how many, too. */
export async function countInvocations(
  deps: MetricsDeps,
  accountId: string,
  { from, to }: Window,
): Promise<{ succeeded: number; failed: number; turnedAway: number }> {
  checkWindow({ from, to }, Infinity)
  await deps.records.writer.flush()
  const query = { from: new Date(from), to: new Date(to) }
  let [succeeded, failed, turnedAway] = [0, 0, 0]
  for (const row of await sumByFunction(deps.store.db, accountId, query)) {
    succeeded += row.succeeded
    failed += row.codingFailure + row.platformFailure + row.timeout + row.unknown
    turnedAway += row.turnedAway
  }
  return { succeeded, failed, turnedAway }
}

/** What ran since the first of the month, in UTC: a call that was turned away is no run. */
export async function countThisMonth(deps: MetricsDeps, accountId: string) {
  const now = deps.clock.now()
  const date = new Date(now)
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  const window = { from, to: now + 1 }
  const { succeeded, failed, turnedAway } = await countInvocations(deps, accountId, window)
  return { succeeded, failed: failed - turnedAway }
}

function percentiles(counts: readonly number[] | undefined) {
  if (!counts) return {}
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((share) => percentile(counts, share))
  return {
    ...(p50Ms !== undefined && { p50Ms }),
    ...(p95Ms !== undefined && { p95Ms }),
    ...(p99Ms !== undefined && { p99Ms }),
  }
}

function checkWindow({ from, to }: Window, maxSpanMs: number): void {
  if (from > to) throw invalidPeriod('query.from', 'The period must not begin after its end')
  if (to - from > maxSpanMs) {
    throw invalidPeriod('query.from', 'The period must begin at most 30 days before its end')
  }
}

import {
  NOT_REPLAYED,
  type ReplayedRun,
  type ReplayJob,
  type WholeReplayedRun,
} from '@parley/contract'
import type { JobRow, RunCount } from './job-repository.ts'
import type { RunRow } from './run-repository.ts'

/** A job with what its runs have become. */
export function toJob(row: JobRow, counts: readonly RunCount[]): ReplayJob {
  const own = counts.filter(({ jobId }) => jobId === row.jobId)
  const countOf = (...states: RunCount['state'][]) =>
    own.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + count, 0)
  return {
    jobId: row.jobId,
    functionId: row.functionId,
    ...(row.functionName !== null && { functionName: row.functionName }),
    state: row.state,
    ...(row.problem !== null && { problem: row.problem }),
    against: row.against,
    ...(row.version !== null && { version: row.version }),
    calls: row.calls,
    total: countOf('waiting', 'same', 'different', 'notReplayed'),
    done: countOf('same', 'different', 'notReplayed'),
    same: countOf('same'),
    different: countOf('different'),
    notReplayed: countOf('notReplayed'),
    reasons: own
      .flatMap(({ reason: kind, count }) => {
        return kind === null ? [] : [{ kind, count, says: NOT_REPLAYED[kind] }]
      })
      .toSorted((a, b) => b.count - a.count),
    startedAt: row.startedAt.toISOString(),
    ...(row.endedAt && { endedAt: row.endedAt.toISOString() }),
    startedBy: row.startedBy,
  }
}

export function toRun(row: RunRow): ReplayedRun {
  const { reason: kind, outcome, details } = row
  const [firstDifference] = details?.differences ?? []
  return {
    recordId: row.recordId,
    startedAt: row.recordedAt.toISOString(),
    state: row.state,
    ...(kind !== null && { reason: { kind, says: NOT_REPLAYED[kind] } }),
    ...(row.recordedVersion !== null && { recordedVersion: row.recordedVersion }),
    ...(row.version !== null && { version: row.version }),
    ...(outcome !== null && { outcome }),
    ...(row.durationMs !== null && { durationMs: row.durationMs }),
    differenceCount: row.differenceCount,
    ...(firstDifference && { firstDifference }),
  }
}

/** The contents of a difference go with the record of the run; that there were some stays. */
export function toWholeRun(row: RunRow): WholeReplayedRun {
  const { differences = [], isCut = row.differenceCount > 0, ...more } = row.details ?? {}
  return { ...toRun(row), notes: [], ...more, differences, isCut }
}

import type { NotReplayedKind, Replay, WholeInvocation } from '@parley/contract'
import { beginningOf } from '#base/input'
import { ParleyError } from '#base/kernel'
import { NotReplayable, type ReplayedVersion, type ReplaySeries } from '#faas/replay'
import { cutDifferences } from './cut-differences.ts'
import type { ReplayJobsDeps } from './deps.ts'
import type { JobRow } from './job-repository.ts'
import type { Finding } from './run-repository.ts'

/** Versions that a job has read, by number. */
type KnownVersions = Map<number, Promise<ReplayedVersion>>

type Deps = Omit<ReplayJobsDeps, 'streams' | 'accounts'>

/** What replays runs of the job, one after the other. */
export function seriesOf(deps: Deps, job: JobRow): ReplaySeries {
  const versions: KnownVersions = new Map()
  const targetOf = (record: WholeInvocation) => targetFor(deps, job, record, versions)
  return deps.replay.openSeries(job.accountId, { targetOf, calls: job.calls })
}

/**
 * Replays one run of a job.
 * @returns what was found, or why it could not be replayed
 * @throws what is no fault of the run, such as a database that is away: the job tries it again
 */
export async function findingOf(
  deps: Deps,
  job: JobRow,
  recordId: string,
  series: ReplaySeries,
): Promise<Finding> {
  try {
    return found(deps, job.accountId, await series.run(recordId))
  } catch (cause) {
    const reason = reasonOf(cause)
    if (!reason) throw cause
    if (reason === 'internal') {
      const { accountId, jobId } = job
      deps.logger.error({ err: cause, accountId, jobId, recordId }, 'A run could not be replayed')
    }
    return { state: 'notReplayed', reason }
  }
}

function targetFor(
  deps: Deps,
  { accountId, functionId, version: fixed }: JobRow,
  record: WholeInvocation,
  versions: KnownVersions,
): Promise<ReplayedVersion> {
  if (record.functionId !== functionId) throw new NotReplayable(record.recordId, 'otherFunction')
  const version = fixed ?? record.version
  const read = versions.get(version) ?? deps.replay.readVersion(accountId, functionId, version)
  versions.set(version, read)
  return read
}

/** Why the run could not be replayed; `undefined` for what is no fault of it. */
function reasonOf(cause: unknown): NotReplayedKind | undefined {
  if (!(cause instanceof ParleyError)) return 'internal'
  if (cause instanceof NotReplayable) return cause.kind
  switch (cause.code) {
    case 'not_found':
      return 'gone'
    case 'version_not_found':
      return 'versionGone'
    case 'sandbox_unavailable':
    case 'unavailable':
    case 'account_suspended':
      return undefined
    default:
      return 'internal'
  }
}

function found(deps: Deps, accountId: string, replay: Replay): Finding {
  const { isSame, notes, version, recordedVersion, outcome, durationMs, errorMessage } = replay
  const details = {
    ...cutDifferences(replay.differences),
    notes,
    ...(errorMessage !== undefined && { errorMessage: beginningOf(errorMessage, 2_000) }),
  }
  return {
    state: isSame ? 'same' : 'different',
    recordedVersion,
    version,
    outcome,
    durationMs,
    differenceCount: replay.differences.length,
    details: deps.functionConfig.secrets.maskOf(accountId).value(details),
  }
}

import { DEFAULT_REPLAYED_RUNS, type ReplayJob, type ReplayJobRequest } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { lockAccount } from '#base/kit'
import type { Db } from '#base/store'
import { startOf } from '#faas/records'
import type { Actor } from '#identity/audit'
import type { ReplayJobsDeps } from './deps.ts'
import { findRunningJob, insertJob, keepNewest } from './job-repository.ts'
import { getReplayJob } from './read.ts'
import { chooseRuns, nameRuns } from './run-repository.ts'
import { armJob } from './timer.ts'

/** Of an account, with the new one. */
const KEPT_JOBS = 20

/**
 * Starts to repeat many runs. What they are compared with is fixed now: a draft that is saved later changes nothing.
 * @throws `function_not_found`, `function_not_deployed`, `version_not_found`, `replay_job_running`, `replay_job_limit_reached`;
 *   `conflict` when there is nothing to replay
 */
export async function startReplayJob(
  deps: ReplayJobsDeps,
  accountId: string,
  actor: Actor,
  functionId: string,
  request: ReplayJobRequest,
): Promise<ReplayJob> {
  const { against, calls } = request
  const version = await deps.replay.versionOf(accountId, functionId, against)
  // Whether it is there.
  if (version !== undefined) await deps.replay.readVersion(accountId, functionId, version)
  await Promise.all([deps.records.writer.flush(), deps.recordings.flush()])
  const job = {
    accountId,
    jobId: deps.ids.uuid(),
    functionId,
    state: 'running',
    problem: null,
    against,
    calls,
    version: version ?? null,
    startedAt: new Date(deps.clock.now()),
    endedAt: null,
    startedBy: actor,
  } as const
  await deps.store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    await requireNoneRunning(tx, accountId, functionId)
    if (!(await keepNewest(tx, accountId, KEPT_JOBS - 1))) {
      const message = `The account may have ${KEPT_JOBS} replay jobs, and all of them run`
      throw new ParleyError('replay_job_limit_reached', message)
    }
    await insertJob(tx, job)
    const total = await addRuns(tx, job, request)
    if (total === 0) {
      const message = 'Nothing that fits is recorded: there is no run that could be replayed'
      throw new ParleyError('conflict', message)
    }
    await armJob(tx, deps, job)
  })
  deps.delivery.wake()
  return getReplayJob(deps, accountId, job.jobId)
}

/** @throws `replay_job_running` */
export async function requireNoneRunning(
  tx: Db,
  accountId: string,
  functionId: string,
): Promise<void> {
  const running = await findRunningJob(tx, accountId, functionId)
  if (!running) return
  const message = `Replay job "${running.jobId}" of this function still runs`
  throw new ParleyError('replay_job_running', message)
}

function addRuns(
  tx: Db,
  job: { accountId: string; jobId: string; functionId: string },
  { recordIds, last = DEFAULT_REPLAYED_RUNS, from, to, ...choice }: ReplayJobRequest,
): Promise<number> {
  if (recordIds) {
    const runs = recordIds.map((recordId) => ({ recordId, startedAt: startOf(recordId) }))
    return nameRuns(tx, job, runs)
  }
  return chooseRuns(tx, job, {
    ...choice,
    functionId: job.functionId,
    last,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  })
}

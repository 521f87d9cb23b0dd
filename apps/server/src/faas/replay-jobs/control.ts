import type { ReplayJob } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { lockAccount } from '#base/kit'
import type { ReplayJobsDeps } from './deps.ts'
import { lockJob, updateJob } from './job-repository.ts'
import { getReplayJob } from './read.ts'
import { requireNoneRunning } from './start.ts'
import { armJob, JOB_TIMER } from './timer.ts'

/** Stops a job that runs; what is done stays. One that has ended stays as it is. */
export async function cancelReplayJob(
  deps: ReplayJobsDeps,
  accountId: string,
  jobId: string,
): Promise<ReplayJob> {
  const { state } = await getReplayJob(deps, accountId, jobId)
  if (state === 'running') {
    await deps.store.transaction(async (tx) => {
      const job = await lockJob(tx, accountId, jobId)
      if (job?.state !== 'running') return
      await updateJob(tx, job, { state: 'cancelled', endedAt: new Date(deps.clock.now()) })
      await deps.delivery.disarmTimer(tx, accountId, { kind: JOB_TIMER, key: jobId })
    })
  }
  return getReplayJob(deps, accountId, jobId)
}

/**
 * Goes on with a cancelled or broken job: with the runs that wait still, and the version that it began with.
 * @throws `conflict` when it is done or runs; `replay_job_running` when another one of its function does
 */
export async function resumeReplayJob(
  deps: ReplayJobsDeps,
  accountId: string,
  jobId: string,
): Promise<ReplayJob> {
  await getReplayJob(deps, accountId, jobId)
  await deps.store.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const job = await lockJob(tx, accountId, jobId)
    if (!job) throw new ParleyError('not_found', `No replay job "${jobId}"`)
    if (job.state === 'done' || job.state === 'running') {
      const what = job.state === 'done' ? 'is done' : 'runs'
      throw new ParleyError('conflict', `Replay job "${jobId}" ${what}: there is nothing to resume`)
    }
    await requireNoneRunning(tx, accountId, job.functionId)
    await updateJob(tx, job, { state: 'running', endedAt: null, problem: null })
    await armJob(tx, deps, job)
  })
  deps.delivery.wake()
  return getReplayJob(deps, accountId, jobId)
}

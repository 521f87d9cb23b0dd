import { availableParallelism } from 'node:os'
import { beginningOf } from '#base/input'
import type { Timer } from '#base/delivery'
import type { ReplayJobsDeps } from './deps.ts'
import { findJob, type JobRow, lockJob, updateJob } from './job-repository.ts'
import { findingOf, seriesOf } from './replay-one.ts'
import { findWaiting, keepFinding } from './run-repository.ts'
import { armJob } from './timer.ts'

/**
 * How long one node works on a job before others get a turn, from the end of its first run: where an instance takes long to start, it serves
 * more than one.
 */
const SLICE_MS = 2_000
const MAX_RUNS = 100
/** Of one job: two jobs together use half of the processors at most. */
const AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 4))
/** So long at most a replay waits for calls that wait. */
const GIVE_WAY_MS = 1_000
const LOOK_AGAIN_MS = 20

type Deps = Omit<ReplayJobsDeps, 'streams' | 'accounts'>

/** Replays some runs of a job, and arms its timer again, or ends it. Whoever takes the timer after a crash goes on here. */
export async function runSlice(deps: Deps, timer: Timer<object>): Promise<void> {
  const { accountId, key: jobId } = timer
  const job = await findJob(deps.store.db, accountId, jobId)
  if (job?.state === 'running') await replaySome(deps, job)
  await deps.store.transaction(async (tx) => {
    const now = await lockJob(tx, accountId, jobId)
    const isOurs = await deps.delivery.endTimer(tx, timer)
    if (!isOurs || now?.state !== 'running') return
    const [left] = await findWaiting(tx, now, 1)
    if (left) await armJob(tx, deps, now)
    else await updateJob(tx, now, { state: 'done', endedAt: new Date(deps.clock.now()) })
  })
  deps.delivery.wake()
}

/** After the last attempt: the job waits for somebody who resumes it. */
export async function breakJob(deps: Deps, timer: Timer<object>, cause: string): Promise<void> {
  const { accountId, key: jobId } = timer
  deps.logger.error({ accountId, jobId, cause }, 'A replay job could not go on')
  await deps.store.transaction(async (tx) => {
    const now = await lockJob(tx, accountId, jobId)
    const isOurs = await deps.delivery.endTimer(tx, timer)
    if (!isOurs || now?.state !== 'running') return
    const problem = beginningOf(`It could not go on: ${cause}`, 500)
    await updateJob(tx, now, { state: 'broken', endedAt: new Date(deps.clock.now()), problem })
  })
}

async function replaySome(deps: Deps, job: JobRow): Promise<void> {
  const { store, monotonic } = deps
  let until = Infinity
  const waiting = await findWaiting(store.db, job, MAX_RUNS)
  async function oneAfterTheOther(): Promise<void> {
    using series = seriesOf(deps, job)
    for (let run = waiting.shift(); run; run = waiting.shift()) {
      if (monotonic.now() > until) return
      await giveWay(deps)
      const finding = await findingOf(deps, job, run.recordId, series)
      // Erased meanwhile, or the job was cancelled: the next slice knows which.
      if (!(await keepFinding(store.db, job, run.position, finding))) return
      until = Math.min(until, monotonic.now() + SLICE_MS)
    }
  }
  const all = await Promise.allSettled(Array.from({ length: AT_ONCE }, oneAfterTheOther))
  for (const one of all) if (one.status === 'rejected') throw one.reason
}

/** Calls come first. */
async function giveWay({ sandbox, monotonic }: Deps): Promise<void> {
  const since = monotonic.now()
  while (sandbox.stats().queued > 0 && monotonic.now() - since < GIVE_WAY_MS) {
    await monotonic.sleep(LOOK_AGAIN_MS)
  }
}

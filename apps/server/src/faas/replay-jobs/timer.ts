import type { Db } from '#base/store'
import type { ReplayJobsDeps } from './deps.ts'

/** Due while a job runs: whoever takes it replays some runs, and arms it again. */
export const JOB_TIMER = 'replay-job'

/** Lets a node go on with a job, in the transaction that says that it runs. `delivery.wake()` belongs after it. */
export function armJob(
  tx: Db,
  { clock, delivery }: Pick<ReplayJobsDeps, 'clock' | 'delivery'>,
  { accountId, jobId }: { accountId: string; jobId: string },
): Promise<void> {
  const timer = { kind: JOB_TIMER, key: jobId, dueAt: clock.now(), facts: {} }
  return delivery.armTimer(tx, accountId, timer)
}

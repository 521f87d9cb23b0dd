import type { ReplayedRun, ReplayedState, ReplayJob, WholeReplayedRun } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { readCursor, writeCursor } from '#base/kit'
import type { ReplayJobsDeps } from './deps.ts'
import { toJob, toRun, toWholeRun } from './describe.ts'
import { countRuns, findJob, findJobs, type JobRow } from './job-repository.ts'
import { findRun, findRuns } from './run-repository.ts'

type ReadDeps = Pick<ReplayJobsDeps, 'store'>

/** @throws `not_found` */
export async function getReplayJob(
  { store }: ReadDeps,
  accountId: string,
  jobId: string,
): Promise<ReplayJob> {
  const row = await getRow({ store }, accountId, jobId)
  return toJob(row, await countRuns(store.db, accountId, [jobId]))
}

/** Newest first. */
export async function listReplayJobs(
  { store }: ReadDeps,
  accountId: string,
  functionId?: string,
): Promise<ReplayJob[]> {
  const rows = await findJobs(store.db, accountId, functionId)
  if (rows.length === 0) return []
  const ids = rows.map(({ jobId }) => jobId)
  const counts = await countRuns(store.db, accountId, ids)
  return rows.map((row) => toJob(row, counts))
}

/** A page of a job's runs in their order. `next` leads to the page after it. */
export async function listReplayedRuns(
  deps: ReadDeps,
  accountId: string,
  jobId: string,
  page: {
    state?: readonly ReplayedState[] | undefined
    limit: number
    after?: string | undefined
  },
): Promise<{ runs: ReplayedRun[]; next?: string }> {
  const { state: states = ['different', 'notReplayed'], limit, after = '0' } = page
  const [position] = readCursor(after, /^\d{1,6}$/)
  const job = await getRow(deps, accountId, jobId)
  const read = { states, after: Number(position), limit: limit + 1 }
  const rows = await findRuns(deps.store.db, job, read)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    runs: rows.slice(0, limit).map(toRun),
    ...(last && { next: writeCursor(last.position) }),
  }
}

/** @throws `not_found` */
export async function getReplayedRun(
  deps: ReadDeps,
  accountId: string,
  jobId: string,
  recordId: string,
): Promise<WholeReplayedRun> {
  const job = await getRow(deps, accountId, jobId)
  const row = await findRun(deps.store.db, job, recordId)
  if (row) return toWholeRun(row)
  throw new ParleyError('not_found', `Replay job "${jobId}" has no run "${recordId}"`)
}

async function getRow({ store }: ReadDeps, accountId: string, jobId: string): Promise<JobRow> {
  const row = await findJob(store.db, accountId, jobId)
  if (row) return row
  throw new ParleyError('not_found', `No replay job "${jobId}"`)
}

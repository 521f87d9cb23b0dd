import type { NotReplayedKind, ReplayedState } from '@parley/contract'
import { type Selectable, sql } from 'kysely'
import { isUuid } from '#base/kernel'
import { type Db, jsonb, lockFirst, type Tables } from '#base/store'

type JobTable = Selectable<Tables['replayJob']>
export type JobRow = JobTable & { functionName: string | null }

export async function insertJob(tx: Db, job: JobTable): Promise<void> {
  const against = jsonb(job.against)
  await tx
    .insertInto('replayJob')
    .values({ ...job, against })
    .execute()
}

export async function findJob(
  db: Db,
  accountId: string,
  jobId: string,
): Promise<JobRow | undefined> {
  if (!isUuid(jobId)) return undefined
  return jobsOf(db, accountId).where('job.jobId', '=', jobId).executeTakeFirst()
}

/** Newest first. */
export async function findJobs(db: Db, accountId: string, functionId?: string): Promise<JobRow[]> {
  if (functionId !== undefined && !isUuid(functionId)) return []
  let query = jobsOf(db, accountId)
  if (functionId !== undefined) query = query.where('job.functionId', '=', functionId)
  return query.orderBy('job.startedAt', 'desc').orderBy('job.jobId').execute()
}

function jobsOf(db: Db, accountId: string) {
  return db
    .selectFrom('replayJob as job')
    .leftJoin('function as owner', (join) =>
      join
        .onRef('owner.accountId', '=', 'job.accountId')
        .onRef('owner.functionId', '=', 'job.functionId'),
    )
    .selectAll('job')
    .select('owner.name as functionName')
    .where('job.accountId', '=', accountId)
}

/** Whoever changes what a job is doing locks it first. */
export function lockJob(
  tx: Db,
  accountId: string,
  jobId: string,
): Promise<Pick<JobRow, 'accountId' | 'jobId' | 'functionId' | 'state'> | undefined> {
  return lockFirst(
    tx
      .selectFrom('replayJob')
      .select(['accountId', 'jobId', 'functionId', 'state'])
      .where('accountId', '=', accountId)
      .where('jobId', '=', jobId),
  )
}

export async function updateJob(
  tx: Db,
  { accountId, jobId }: Pick<JobRow, 'accountId' | 'jobId'>,
  change: Pick<JobRow, 'state' | 'endedAt'> & { problem?: string | null },
): Promise<void> {
  await tx
    .updateTable('replayJob')
    .set(change)
    .where('accountId', '=', accountId)
    .where('jobId', '=', jobId)
    .execute()
}

export function findRunningJob(
  tx: Db,
  accountId: string,
  functionId: string,
): Promise<{ jobId: string } | undefined> {
  return tx
    .selectFrom('replayJob')
    .select('jobId')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('state', '=', 'running')
    .executeTakeFirst()
}

/** Deletes the oldest that have ended, until no more than so many are kept. Those that run stay: false when they are too many. */
export async function keepNewest(tx: Db, accountId: string, kept: number): Promise<boolean> {
  const jobs = await tx
    .selectFrom('replayJob')
    .select(['jobId', 'state'])
    .where('accountId', '=', accountId)
    .orderBy('startedAt', 'desc')
    .execute()
  const running = jobs.filter(({ state }) => state === 'running')
  if (running.length > kept) return false
  const ended = jobs.filter(({ state }) => state !== 'running').slice(kept - running.length)
  for (const { jobId } of ended) {
    await tx
      .deleteFrom('replayJob')
      .where('accountId', '=', accountId)
      .where('jobId', '=', jobId)
      .execute()
  }
  return true
}

/** How many runs of a job have become what. */
export interface RunCount {
  jobId: string
  state: ReplayedState
  reason: NotReplayedKind | null
  count: number
}

/** From the runs themselves: what is stored once counts once. */
export function countRuns(
  db: Db,
  accountId: string,
  jobIds: readonly string[],
): Promise<RunCount[]> {
  return db
    .selectFrom('replayedRun')
    .select(['jobId', 'state', 'reason', sql<number>`count(*)::int`.as('count')])
    .where('accountId', '=', accountId)
    .where('jobId', 'in', [...jobIds])
    .groupBy(['jobId', 'state', 'reason'])
    .execute()
}

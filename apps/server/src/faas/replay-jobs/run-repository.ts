import type { InvocationState, ReplayedState } from '@parley/contract'
import { type Selectable, sql, type Updateable } from 'kysely'
import { isUuid } from '#base/kernel'
import type { Db, Tables } from '#base/store'
import type { JobRow } from './job-repository.ts'

export type RunRow = Selectable<Tables['replayedRun']>
type Job = Pick<JobRow, 'accountId' | 'jobId'>

/** Which recorded runs are repeated. */
export interface Choice {
  functionId: string
  last: number
  from?: Date | undefined
  /** Exclusive. */
  to?: Date | undefined
  outcome?: readonly InvocationState[] | undefined
  eventId?: string | undefined
}

/** The newest that fit, oldest first: of those that did not run, or of which nothing is recorded, there is nothing to repeat. */
export async function chooseRuns(
  tx: Db,
  { accountId, jobId }: Job,
  { functionId, last, from, to, outcome, eventId }: Choice,
): Promise<number> {
  const conditions = [
    sql`i.account_id = ${accountId} and i.function_id = ${functionId} and i.outcome <> 'NOT_RUN'`,
    ...(from ? [sql`i.started_at >= ${from}`] : []),
    ...(to ? [sql`i.started_at < ${to}`] : []),
    ...(outcome ? [sql`i.outcome = any(${outcome}::text[])`] : []),
    ...(eventId === undefined ? [] : [sql`i.event_id = ${eventId}`]),
    sql`(i.trace is not null or exists (select from recording r
      where r.account_id = i.account_id and r.started_at = i.started_at and r.record_id = i.record_id))`,
  ]
  const { numAffectedRows = 0n } = await sql`
    insert into replayed_run (account_id, job_id, position, record_id, recorded_at, conversation_id, recorded_version)
    select ${accountId}, ${jobId}, row_number() over (order by started_at, record_id), record_id, started_at,
      conversation_id, version
    from (
      select i.record_id, i.started_at, i.conversation_id, i.version from invocation i
      where ${sql.join(conditions, sql` and `)}
      order by i.started_at desc, i.record_id desc limit ${last}) chosen`.execute(tx)
  return Number(numAffectedRows)
}

/** Exactly these, whatever is there of them. */
export async function nameRuns(
  tx: Db,
  { accountId, jobId }: Job,
  runs: readonly { recordId: string; startedAt: number }[],
): Promise<number> {
  const ids = runs.map(({ recordId }) => recordId)
  const at = runs.map(({ startedAt }) => startedAt)
  const { numAffectedRows = 0n } = await sql`
    insert into replayed_run (account_id, job_id, position, record_id, recorded_at, conversation_id, recorded_version)
    select ${accountId}, ${jobId}, named.position, named.record_id, named.at, i.conversation_id, i.version
    from (
      select record_id, 'epoch'::timestamptz + ms * interval '1 millisecond' as at, position
      from unnest(${ids}::uuid[], ${at}::bigint[]) with ordinality as one (record_id, ms, position)) named
    left join invocation i
      on i.account_id = ${accountId} and i.started_at = named.at and i.record_id = named.record_id`.execute(
    tx,
  )
  return Number(numAffectedRows)
}

export function findWaiting(
  db: Db,
  { accountId, jobId }: Job,
  limit: number,
): Promise<{ position: number; recordId: string }[]> {
  return db
    .selectFrom('replayedRun')
    .select(['position', 'recordId'])
    .where('accountId', '=', accountId)
    .where('jobId', '=', jobId)
    .where('state', '=', 'waiting')
    .orderBy('position')
    .limit(limit)
    .execute()
}

/** What a replay has found of a run. */
export type Finding = Omit<
  Updateable<Tables['replayedRun']>,
  'accountId' | 'jobId' | 'position' | 'recordId' | 'recordedAt' | 'conversationId'
>

/**
 * Keeps what was found of a run that waits, while its job runs: a second time, after an erasure, or when the job was cancelled meanwhile,
 * nothing is kept.
 * @returns whether it was kept
 */
export async function keepFinding(
  db: Db,
  { accountId, jobId }: Job,
  position: number,
  finding: Finding,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('replayedRun')
    .set(finding)
    .where('accountId', '=', accountId)
    .where('jobId', '=', jobId)
    .where('position', '=', position)
    .where('state', '=', 'waiting')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('replayJob')
          .select('jobId')
          .where('accountId', '=', accountId)
          .where('jobId', '=', jobId)
          .where('state', '=', 'running'),
      ),
    )
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export function findRuns(
  db: Db,
  { accountId, jobId }: Job,
  page: { states: readonly ReplayedState[]; after: number; limit: number },
): Promise<RunRow[]> {
  return db
    .selectFrom('replayedRun')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('jobId', '=', jobId)
    .where('state', 'in', [...page.states])
    .where('position', '>', page.after)
    .orderBy('position')
    .limit(page.limit)
    .execute()
}

export async function findRun(
  db: Db,
  { accountId, jobId }: Job,
  recordId: string,
): Promise<RunRow | undefined> {
  if (!isUuid(recordId)) return undefined
  return db
    .selectFrom('replayedRun')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('jobId', '=', jobId)
    .where('recordId', '=', recordId)
    .executeTakeFirst()
}

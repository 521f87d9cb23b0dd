import type { Activity as ActivityEntry } from '@parley/contract'
import type { Insertable } from 'kysely'
import type { Db, Tables } from '#base/store'
import { isUuid } from '#base/kernel'
import type { Actor, FunctionConfigRoom } from './room.ts'

type ActivityRow = Insertable<Tables['activity']>

export type Activity = Pick<ActivityRow, 'topic' | 'activity' | 'description'> &
  Partial<Pick<ActivityRow, 'functionId' | 'fromVersion' | 'toVersion'>>

/** Notes who changed what, for the stream of activities and for the audit, in the transaction that changes it. */
export async function recordActivity(
  tx: Db,
  { accounts, clock, ids }: Pick<FunctionConfigRoom, 'accounts' | 'clock' | 'ids'>,
  accountId: string,
  actor: Actor,
  activity: Activity,
): Promise<void> {
  const { topic, functionId, description, fromVersion, toVersion } = activity
  await accounts.recordAudit(tx, accountId, {
    actor,
    action: `${topic}.changed`,
    object: functionId ? `function:${functionId}` : topic,
    details: { description, ...(fromVersion && { fromVersion }), ...(toVersion && { toVersion }) },
  })
  await tx
    .insertInto('activity')
    .values({
      accountId,
      activityId: ids.uuid(),
      at: new Date(clock.now()),
      actor,
      functionId: null,
      fromVersion: null,
      toVersion: null,
      ...activity,
    })
    .execute()
}

export interface ActivityQuery {
  functionId?: string | undefined
  topic?: ActivityRow['topic'] | undefined
  /** Exclusive. */
  before?: string | undefined
  limit: number
}

type ActivityFilter = Omit<ActivityQuery, 'before'> & { before?: Date | undefined; since: Date }

function findActivities(db: Db, accountId: string, filter: ActivityFilter) {
  let query = db
    .selectFrom('activity')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('at', '>=', filter.since)
  if (filter.functionId !== undefined && !isUuid(filter.functionId)) return []
  if (filter.functionId) query = query.where('functionId', '=', filter.functionId)
  if (filter.topic) query = query.where('topic', '=', filter.topic)
  if (filter.before) query = query.where('at', '<', filter.before)
  return query.orderBy('at', 'desc').orderBy('sequence', 'desc').limit(filter.limit).execute()
}

export async function listActivities(
  { accounts, clock, store }: FunctionConfigRoom,
  accountId: string,
  query: ActivityQuery,
): Promise<ActivityEntry[]> {
  const { retention } = await accounts.settings(accountId)
  const rows = await findActivities(store.db, accountId, {
    ...query,
    before: query.before === undefined ? undefined : new Date(query.before),
    since: new Date(clock.now() - retention.activityDays * 86_400_000),
  })
  return rows.map((row) => ({
    activityId: row.activityId,
    at: row.at.toISOString(),
    actor: row.actor,
    topic: row.topic,
    activity: row.activity,
    description: row.description,
    ...(row.functionId !== null && { functionId: row.functionId }),
    ...(row.fromVersion !== null && { fromVersion: row.fromVersion }),
    ...(row.toVersion !== null && { toVersion: row.toVersion }),
  }))
}

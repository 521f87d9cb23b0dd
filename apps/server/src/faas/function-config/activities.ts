import type { Activity as ActivityEntry } from '@parley/contract'
import type { Db } from '#base/store'
import type { Actor, FunctionConfigDeps } from './deps.ts'
import {
  type ActivityQuery,
  type ActivityRow,
  findActivities,
  insertActivity,
} from './repository.ts'

export type Activity = Pick<ActivityRow, 'topic' | 'activity' | 'description'> &
  Partial<Pick<ActivityRow, 'functionId' | 'fromVersion' | 'toVersion'>>

/** Records a change and who made it, for the list of activities and for the audit, in the transaction of the change. */
export async function recordActivity(
  { audit, clock, ids }: Pick<FunctionConfigDeps, 'audit' | 'clock' | 'ids'>,
  tx: Db,
  accountId: string,
  actor: Actor,
  activity: Activity,
): Promise<void> {
  const { topic, functionId, description, fromVersion, toVersion } = activity
  await audit.record(tx, accountId, {
    actor,
    action: `${topic}.changed`,
    object: functionId ? `function:${functionId}` : topic,
    details: { description, ...(fromVersion && { fromVersion }), ...(toVersion && { toVersion }) },
  })
  await insertActivity(tx, {
    accountId,
    activityId: ids.uuid(),
    at: new Date(clock.now()),
    actor,
    functionId: null,
    fromVersion: null,
    toVersion: null,
    ...activity,
  })
}

export async function listActivities(
  { settings, clock, store }: FunctionConfigDeps,
  accountId: string,
  query: ActivityQuery,
): Promise<ActivityEntry[]> {
  const { retention } = await settings.get(accountId)
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

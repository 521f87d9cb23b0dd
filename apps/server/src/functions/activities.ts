import type { Insertable } from 'kysely'
import type { Db, Tables } from '#store'
import type { Actor, FunctionsRoom } from './room.ts'

type ActivityRow = Insertable<Tables['activity']>

export type Activity = Pick<ActivityRow, 'topic' | 'activity' | 'description'> &
  Partial<Pick<ActivityRow, 'functionId' | 'fromVersion' | 'toVersion'>>

/** Notes who changed what, in the transaction that changes it. */
export async function recordActivity(
  tx: Db,
  { clock, ids }: Pick<FunctionsRoom, 'clock' | 'ids'>,
  accountId: string,
  actor: Actor,
  activity: Activity,
): Promise<void> {
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

export interface ActivityFilter {
  functionId?: string | undefined
  topic?: ActivityRow['topic'] | undefined
  /** Exclusive. */
  before?: Date | undefined
  limit: number
}

export function findActivities(db: Db, accountId: string, filter: ActivityFilter) {
  let query = db.selectFrom('activity').selectAll().where('accountId', '=', accountId)
  if (filter.functionId) query = query.where('functionId', '=', filter.functionId)
  if (filter.topic) query = query.where('topic', '=', filter.topic)
  if (filter.before) query = query.where('at', '<', filter.before)
  return query.orderBy('at', 'desc').limit(filter.limit).execute()
}

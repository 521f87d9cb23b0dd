import type { Db } from '#base/store'

/** Everything before these instants is deleted. */
export interface Cutoffs {
  logs: Date
  records: Date
  metrics: Date
  activities: Date
  deadLetters: Date
}

export async function deleteOlder(
  db: Db,
  accountId: string,
  { logs, records, metrics, activities, deadLetters }: Cutoffs,
): Promise<void> {
  await db
    .deleteFrom('logEntry')
    .where('accountId', '=', accountId)
    .where('at', '<', logs)
    .execute()
  await db
    .deleteFrom('blockedCall')
    .where('accountId', '=', accountId)
    .where('lastAt', '<', logs)
    .execute()
  await db
    .deleteFrom('invocation')
    .where('accountId', '=', accountId)
    .where('startedAt', '<', records)
    .execute()
  await db
    .deleteFrom('invocationBundle')
    .where('accountId', '=', accountId)
    .where('lastAt', '<', records)
    .execute()
  await db
    .deleteFrom('scheduleRun')
    .where('accountId', '=', accountId)
    .where('startedAt', '<', records)
    .execute()
  await db
    .deleteFrom('invocationMinute')
    .where('accountId', '=', accountId)
    .where('minute', '<', metrics)
    .execute()
  await db
    .deleteFrom('activity')
    .where('accountId', '=', accountId)
    .where('at', '<', activities)
    .execute()
  await db
    .deleteFrom('deadLetter')
    .where('accountId', '=', accountId)
    .where('deadAt', '<', deadLetters)
    .execute()
}

/** Deletes records and log entries of these conversations, whatever their age. */
export async function deleteOfConversations(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<void> {
  if (conversationIds.length === 0) return
  for (const table of ['invocation', 'logEntry'] as const) {
    await db
      .deleteFrom(table)
      .where('accountId', '=', accountId)
      .where('conversationId', 'in', conversationIds)
      .execute()
  }
}

import { type Insertable, sql } from 'kysely'
import type { Db, Tables } from '#base/store'

export type RecordingRow = Insertable<Tables['recording']>

export async function insertRecordings(db: Db, rows: readonly RecordingRow[]): Promise<void> {
  const written = rows.map((row) => ({
    account_id: row.accountId,
    started_at: row.startedAt,
    record_id: row.recordId,
    function_id: row.functionId,
    conversation_id: row.conversationId,
    recording: row.recording,
    draws: row.draws,
  }))
  await sql`
    insert into recording
    select * from json_populate_recordset(null::recording, ${JSON.stringify(written)}::json)
    on conflict do nothing`.execute(db)
}

export async function deleteOfConversations(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<void> {
  if (conversationIds.length === 0) return
  await db
    .deleteFrom('recording')
    .where('accountId', '=', accountId)
    .where('conversationId', 'in', conversationIds)
    .execute()
}

export function findRecording(db: Db, accountId: string, recordId: string, startedAt: Date) {
  return db
    .selectFrom('recording')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('startedAt', '=', startedAt)
    .where('recordId', '=', recordId)
    .executeTakeFirst()
}

/** What stands in the row of the record, where that is short. */
export function findRowTrace(db: Db, accountId: string, recordId: string, startedAt: Date) {
  return db
    .selectFrom('invocation')
    .select(['trace', 'draws'])
    .where('accountId', '=', accountId)
    .where('startedAt', '=', startedAt)
    .where('recordId', '=', recordId)
    .executeTakeFirst()
}

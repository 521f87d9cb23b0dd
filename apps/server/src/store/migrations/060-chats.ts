import { type Kysely, sql } from 'kysely'

/** Lists of chats: by stage, in the order of their start. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index chat_stage on document
    (account_id, (state->>'stage'), ((state->>'startedAt')::bigint), id) where kind = 'chat'`.execute(
    db,
  )
}

import { type Kysely, sql } from 'kysely'

/** When a conversation's main dialog ended, for what counts them by day. It changes once, so other updates leave the index alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`alter table conversation add column closed_at_ms bigint generated always as
      (case when state->>'state' = 'CLOSE' then
        (jsonb_path_query_first(state, '$.dialogs[*] ? (@.type == "MAIN").closedAt') #>> '{}')::bigint end) stored`,
    sql`create index conversation_closed on conversation (account_id, closed_at_ms) include (skill_id)
      where closed_at_ms is not null`,
  ]) {
    await statement.execute(db)
  }
}

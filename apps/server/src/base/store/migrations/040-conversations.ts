import { type Kysely, sql } from 'kysely'

/** What lists and routing look for; the columns are those of 001. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index conversation_of_consumer on conversation (account_id, consumer_id)`.execute(
    db,
  )
  await sql`
    create index conversation_waiting on conversation (account_id, skill_id, waiting_since)
    where waiting_since is not null`.execute(db)
  await sql`
    create index conversation_of_agent on conversation (account_id, assigned_agent_id)
    where assigned_agent_id is not null`.execute(db)
  await sql`create index conversation_open on conversation (account_id) where stage = 'OPEN'`.execute(
    db,
  )
  await sql`create index conversation_started on conversation (account_id, started_at_ms)`.execute(
    db,
  )
}

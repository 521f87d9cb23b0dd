import { type Kysely, sql } from 'kysely'

/** Erasure looks for sessions in all namespaces at once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index context_property_of_session on context_property (account_id, session_id)`.execute(
    db,
  )
}

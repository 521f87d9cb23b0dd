import { type Kysely, sql } from 'kysely'

/** Files that were uploaded and never sent are forgotten like those that were never uploaded. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index file_unsent`.execute(db)
  await sql`
    create index file_unsent on file (account_id, created_at) where conversation_id is null`.execute(
    db,
  )
  await sql`create index file_of_owner on file (account_id, owner_id)`.execute(db)
}

import { type Kysely, sql } from 'kysely'

/** Files that participants send each other. Rows without content have been granted and not uploaded yet. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table file (
      account_id text not null,
      relative_path text not null,
      owner_id text not null,
      media_type text not null,
      size bigint not null,
      conversation_id text,
      content bytea,
      created_at timestamptz not null,
      primary key (account_id, relative_path)
    )`.execute(db)
  // Images and PDFs are compressed already.
  await sql`alter table file alter column content set storage external`.execute(db)
  await sql`
    create index file_of_conversation on file (account_id, conversation_id)
    where conversation_id is not null`.execute(db)
  await sql`create index file_unsent on file (account_id, created_at) where content is null`.execute(
    db,
  )
}

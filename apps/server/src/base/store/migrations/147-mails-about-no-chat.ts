import { type Kysely, sql } from 'kysely'

/** Finds the few mails that are no transcripts, to end them, among all that are kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index document_mail_about_no_chat on document (account_id, list_at)
    where kind = 'mail' and list_of is null`.execute(db)
}

import { type Kysely, sql } from 'kysely'

/**
 * Chats are listed by their visitor, too. Only a column is indexed, for the reason that 060 gives. An index takes no text of any
 * length: chats of visitors with longer ids are found by other ways.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`alter table document drop column list_of,
      add column list_of text generated always as
        (case kind when 'mail' then state->>'chatId' when 'survey-run' then state->>'conversationId'
          when 'chat' then case when length(state->'context'->>'visitorId') <= 128
            then state->'context'->>'visitorId' end end) stored`,
    sql`create index document_listed_of on document (account_id, kind, list_of) where list_of is not null`,
  ]) {
    await statement.execute(db)
  }
}

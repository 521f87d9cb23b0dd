import { type Kysely, sql } from 'kysely'

/** Mails kept for want of a mail server, and lists of the mail outbox. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table kept_mail (
      account_id text not null,
      id bigint generated always as identity,
      message_id text not null,
      envelope_sender text not null,
      receiver text not null,
      at timestamptz not null,
      source text not null,
      primary key (account_id, id)
    )`,
    sql`create index kept_mail_message on kept_mail (account_id, message_id)`,
    sql`create index mail_newest on document
      (account_id, ((state->>'createdAt')::bigint), id) where kind = 'mail'`,
    sql`create index mail_state on document
      (account_id, (state->>'state'), ((state->>'createdAt')::bigint), id) where kind = 'mail'`,
    sql`create index mail_chat on document (account_id, (state->>'chatId')) where kind = 'mail'`,
    sql`create index mail_message on document (account_id, (state->>'messageId')) where kind = 'mail'`,
  ]) {
    await statement.execute(db)
  }
}

import { type Kysely, sql } from 'kysely'

/** Mails kept for want of a mail server. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table kept_mail (
    account_id text not null,
    id bigint generated always as identity,
    message_id text not null,
    envelope_sender text not null,
    receiver text not null,
    at timestamptz not null,
    source text not null,
    primary key (account_id, id)
  )`.execute(db)
  await sql`create index kept_mail_message on kept_mail (account_id, message_id)`.execute(db)
}

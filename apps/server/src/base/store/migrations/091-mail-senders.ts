import { type Kysely, sql } from 'kysely'

/**
 * Mails that functions ask for leave only from senders that the account has set. Accounts that have sent mails before go on
 * with the senders that they have used, the most frequent ones.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    with used as (
      select account_id, lower(state ->> 'senderEmail') as sender,
        row_number() over (partition by account_id order by count(*) desc, lower(state ->> 'senderEmail')) as place
      from document join account using (account_id)
      where kind = 'mail' and state ->> 'senderEmail' is not null
      group by account_id, lower(state ->> 'senderEmail')
    ), senders as (
      select account_id, jsonb_build_object('senders', jsonb_agg(sender order by place)) as changed
      from used where place <= 100
      group by account_id
    )
    insert into account_settings (account_id, changed, updated_at)
      select account_id, jsonb_build_object('transcripts', changed), now() from senders
      on conflict (account_id) do update
        set changed = account_settings.changed || jsonb_build_object(
            'transcripts', coalesce(account_settings.changed -> 'transcripts', '{}') || (excluded.changed -> 'transcripts')),
          updated_at = excluded.updated_at`.execute(db)
}

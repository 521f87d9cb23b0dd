import { type Kysely, sql } from 'kysely'

/**
 * Settings of live chat and of transcripts were documents of their own. They join the other settings of the account. The
 * documents stay: nodes of version 0.1.0 read them until they are stopped, and would send mails that the account holds.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into account_settings (account_id, changed, updated_at)
      select account_id, jsonb_object_agg(case kind when 'chat-settings' then 'chat' else 'transcripts' end, state), now()
      from document join account using (account_id)
      where kind in ('chat-settings', 'transcript-settings') and id = 'account'
      group by account_id
      on conflict (account_id) do update
        set changed = account_settings.changed || excluded.changed, updated_at = excluded.updated_at`.execute(
    db,
  )
}

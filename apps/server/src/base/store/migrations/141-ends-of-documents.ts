import { type Kysely, sql } from 'kysely'

/** Arms the ends of documents that were written before they had one: profiles, visitors, erasures. As long as new ones by default. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into timer (account_id, kind, key, facts, due_at, run_at)
      select account_id, 'person-end', kind || '/' || id, jsonb_build_object('document', kind, 'id', id), at, at
      from document, lateral (select now() + interval '400 days' as at) due
      where kind in ('profile', 'visitor')
      on conflict do nothing`.execute(db)
  await sql`
    insert into timer (account_id, kind, key, facts, due_at, run_at)
      select account_id, 'erasure-end', id, jsonb_build_object('erasureId', id), at, at
      from document, lateral (select now() + interval '400 days' as at) due
      where kind = 'erasure' and state->>'state' = 'done'
      on conflict do nothing`.execute(db)
}

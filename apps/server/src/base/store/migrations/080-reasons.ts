import { type Kysely, sql } from 'kysely'
import { lockTables } from './lock-tables.ts'

/** The tables of version 0.1.0 that this migration and those after it take for themselves, or keep from being written. */
const CHANGED = [
  'account',
  'account_user',
  'api_key',
  'audit_entry',
  'blocked_call',
  'conversation',
  'document',
  'file',
  'function',
  'function_version',
  'invocation',
  'invocation_bundle',
  'invocation_minute',
  'log_entry',
  'login_session',
  'node',
  'oauth_client',
  'outbox',
  'skill',
  'timer',
]

/** What did not count, and what was refused, has a `reason`: in records before this it was called `why`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // All migrations of an upgrade are one transaction. What a node of version 0.1.0 does may use one of the tables while it waits for another.
  await lockTables(db, CHANGED)
  for (const statement of [
    sql`alter table blocked_call rename column why to reason`,
    sql`update invocation set commands = (
        select jsonb_agg(
          case when entry ? 'why' then entry - 'why' || jsonb_build_object('reason', entry->'why') else entry end
          order by position)
        from jsonb_array_elements(commands) with ordinality as listed (entry, position))
      where commands @? '$[*].why'`,
    sql`update document set version = version + 1, state = jsonb_set(state, '{leftOut}', (
        select jsonb_agg(entry - 'why' || jsonb_build_object('reason', entry->'why') order by position)
        from jsonb_array_elements(state->'leftOut') with ordinality as listed (entry, position)))
      where kind = 'transcript' and state @? '$.leftOut[*].why'`,
  ]) {
    await statement.execute(db)
  }
}

import { type Kysely, sql } from 'kysely'

/** What did not count, and what was refused, has a `reason`: in records before this it was called `why`. */
export async function up(db: Kysely<unknown>): Promise<void> {
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

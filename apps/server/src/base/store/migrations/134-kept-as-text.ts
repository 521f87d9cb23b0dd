import { type Kysely, sql } from 'kysely'

/**
 * What is kept of a run stands in the row of its record, as text: nothing parses it before somebody reads it. What stands in `input`,
 * `result` and table `recording` stays where it is.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql`select from pg_settings
    where name = 'default_toast_compression' and 'lz4' = any(enumvals)`.execute(db)
  // Much cheaper than what PostgreSQL does without.
  const compressed = sql.raw(rows.length > 0 ? 'compression lz4' : '')
  // Days that are no partitions, not yet or no longer, hold nothing and would not fit any more.
  const { rows: alone } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r' and not relispartition
      and relname ~ '^invocation_p\\d{8}$'`.execute(db)
  for (const { name } of alone) await sql`drop table ${sql.id(name)}`.execute(db)
  await sql`alter table invocation
    add column input_json text ${compressed},
    add column result_json text ${compressed},
    add column trace text ${compressed},
    add column draws text`.execute(db)
}

import { type Kysely, sql } from 'kysely'

/**
 * Which node calls which stored procedure, and when it last said so: a procedure that no node uses is removed. Nodes of
 * version 0.1.0 call the `apply_operations` of migration 001 and do not say so. It stays for a day where there were any.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table procedure_use (
      name text not null,
      node_id text not null,
      seen_at timestamptz not null,
      primary key (name, node_id)
    )`,
    sql`insert into procedure_use (name, node_id, seen_at)
      values ('apply_operations', 'version 0.1.0',
        case when exists (select from commit_lane) then clock_timestamp() else '-infinity' end)`,
  ]) {
    await statement.execute(db)
  }
}

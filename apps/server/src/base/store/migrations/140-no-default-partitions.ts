import { type Kysely, sql } from 'kysely'

/** The tables in daily partitions, with the column of their instant. */
const TABLES = { invocation: 'started_at', invocation_bundle: 'last_at', log_entry: 'at' }

/**
 * Days are ended by `detach partition concurrently`, which PostgreSQL does only without a default partition. What stands there moves
 * into partitions of its days; from now on partitions are made a week ahead.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [table, instant] of Object.entries(TABLES)) {
    const kept = sql.id(`${table}_default`)
    await sql`alter table ${sql.id(table)} detach partition ${kept}`.execute(db)
    const { rows } = await sql<{ day: string }>`
      select distinct to_char(${sql.id(instant)} at time zone 'UTC', 'YYYY-MM-DD') as day from ${kept}
      union select to_char(now() at time zone 'UTC' + n * interval '1 day', 'YYYY-MM-DD') from generate_series(-1, 7) n
      order by day`.execute(db)
    for (const { day } of rows) {
      const name = `${table}_p${day.replaceAll('-', '')}`
      const [from, to] = [0, 1].map((days) => sql.lit(instantOf(day, days)))
      await sql`create table if not exists ${sql.id(name)} partition of ${sql.id(table)}
        for values from (${from}) to (${to})`.execute(db)
    }
    await sql`insert into ${sql.id(table)} select * from ${kept}`.execute(db)
    await sql`drop table ${kept}`.execute(db)
  }
}

function instantOf(day: string, daysLater: number): string {
  return new Date(Date.parse(day) + daysLater * 86_400_000).toISOString()
}

import { sql } from 'kysely'
import type { Db } from '#store'

const DAY_MS = 86_400_000
const TABLES = ['invocation', 'invocation_bundle', 'log_entry'] as const
const CHECK_VIOLATION = '23514'

/** Makes a partition for each of these days. A day whose rows have begun to come stays in the default partition. */
export async function makePartitions(db: Db, from: number, days: number): Promise<void> {
  for (const table of TABLES) {
    for (let day = 0; day < days; day++) {
      const start = startOfDay(from) + day * DAY_MS
      const [lower, upper] = [isoDay(start), isoDay(start + DAY_MS)]
      const name = sql.id(`${table}_p${lower.replaceAll('-', '')}`)
      try {
        await sql`
          create table if not exists ${name} partition of ${sql.id(table)}
          for values from (${sql.lit(`${lower} 00:00:00+00`)}) to (${sql.lit(`${upper} 00:00:00+00`)})`.execute(
          db,
        )
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === CHECK_VIOLATION)) {
          throw error
        }
      }
    }
  }
}

/** Drops the partitions of days that ended before `before`. */
export async function dropPartitions(db: Db, before: number): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select child.relname as name from pg_inherits
    join pg_class parent on parent.oid = inhparent join pg_class child on child.oid = inhrelid
    where parent.relname = any(${[...TABLES]}) and parent.relnamespace = current_schema()::regnamespace`.execute(
    db,
  )
  for (const { name } of rows) {
    const [, year, month, day] = /_p(\d{4})(\d\d)(\d\d)$/.exec(name) ?? []
    if (year === undefined || Date.parse(`${year}-${month}-${day}`) + DAY_MS > before) continue
    await sql`drop table if exists ${sql.id(name)}`.execute(db)
  }
}

function startOfDay(at: number): number {
  return at - (at % DAY_MS)
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

import { sql } from 'kysely'
import type { Db } from '#base/store'

const DAY_MS = 86_400_000
const TABLES = ['invocation', 'invocation_bundle', 'log_entry'] as const
/** Codes of errors that are expected: the default partition has rows of that day, or another node was faster. */
const TOLERATED = new Set(['23514', '42P07', '23505'])

/** Makes a partition for each of these days. A day that has rows already stays in the default partition. */
export async function makePartitions(db: Db, from: number, days: number): Promise<void> {
  const known = new Set(await listPartitions(db))
  for (const table of TABLES) {
    for (let day = 0; day < days; day++) {
      const start = startOfDay(from) + day * DAY_MS
      const name = `${table}_p${isoDay(start).replaceAll('-', '')}`
      if (!known.has(name)) await makePartition(db, table, name, start)
    }
  }
}

async function makePartition(db: Db, table: string, name: string, start: number): Promise<void> {
  const [lower, upper] = [start, start + DAY_MS].map((at) => sql.lit(`${isoDay(at)} 00:00:00+00`))
  try {
    await sql`
      create table ${sql.id(name)} partition of ${sql.id(table)}
      for values from (${lower}) to (${upper})`.execute(db)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (typeof code !== 'string' || !TOLERATED.has(code)) throw error
  }
}

async function listPartitions(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select child.relname as name from pg_inherits
    join pg_class parent on parent.oid = inhparent join pg_class child on child.oid = inhrelid
    where parent.relname = any(${[...TABLES]}) and parent.relnamespace = current_schema()::regnamespace`.execute(
    db,
  )
  return rows.map(({ name }) => name)
}

/** Drops the partitions of days that ended before `before`. */
export async function dropPartitions(db: Db, before: number): Promise<void> {
  for (const name of await listPartitions(db)) {
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

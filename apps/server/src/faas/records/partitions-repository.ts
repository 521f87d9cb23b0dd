import { sql } from 'kysely'
import type { Db } from '#base/store'

const DAY_MS = 86_400_000
const TABLES = ['invocation', 'invocation_bundle', 'recording', 'log_entry'] as const
type Table = (typeof TABLES)[number]

/** A table of one day. `pending`: its detaching was begun and not ended; `alone`: it is no partition, not yet or no longer. */
interface DayTable {
  name: string
  table: Table
  day: string
  state: 'attached' | 'pending' | 'alone'
}

/**
 * Makes the partitions of these days. Each is made as a table of its own and attached: that waits for nobody who reads, so a dump of
 * hours delays no commit. One that another node makes at the same time is fine.
 */
export async function makePartitions(db: Db, from: number, days: number): Promise<void> {
  const known = new Map((await listDayTables(db)).map((found) => [found.name, found]))
  for (const table of TABLES) {
    for (let ahead = 0; ahead < days; ahead++) {
      const day = dayOf(from + ahead * DAY_MS)
      const name = nameOf(table, day)
      const state = known.get(name)?.state
      if (state === 'attached' || state === 'pending') continue
      await sql`create table if not exists ${sql.id(name)} (like ${sql.id(table)} including all)`.execute(
        db,
      )
      await attach(db, table, day)
    }
  }
}

async function attach(db: Db, table: Table, day: string): Promise<void> {
  const name = nameOf(table, day)
  const [lower, upper] = [0, DAY_MS].map((later) =>
    sql.lit(new Date(Date.parse(day) + later).toISOString()),
  )
  try {
    await sql`alter table ${sql.id(table)} attach partition ${sql.id(name)}
      for values from (${lower}) to (${upper})`.execute(db)
  } catch (cause) {
    const found = (await listDayTables(db)).find((one) => one.name === name)
    if (found?.state !== 'attached') throw cause
  }
}

/**
 * Ends the partitions of days that ended before `before`. Each is detached without stopping anybody, then dropped; what a dump still
 * reads is left for the next time, as is what a kill has left half done.
 * @throws when a day could not be ended: what holds it up would hold up the next one, too
 */
export async function endPartitions(db: Db, before: number): Promise<void> {
  for (const { name, table, day, state } of await listDayTables(db)) {
    if (Date.parse(day) + DAY_MS > before) continue
    const [parent, child] = [sql.id(table), sql.id(name)]
    if (state === 'attached') {
      await sql`alter table ${parent} detach partition ${child} concurrently`.execute(db)
    } else if (state === 'pending') {
      await sql`alter table ${parent} detach partition ${child} finalize`.execute(db)
    }
    await sql`drop table if exists ${child}`.execute(db)
  }
}

async function listDayTables(db: Db): Promise<DayTable[]> {
  const { rows } = await sql<{ name: string; isPending: boolean | null }>`
    select c.relname as name, i.inhdetachpending as is_pending
    from pg_class c left join pg_inherits i on i.inhrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      and c.relname ~ ${`^(${TABLES.join('|')})_p\\d{8}$`}
    order by is_pending desc nulls last, c.relname`.execute(db)
  return rows.flatMap(({ name, isPending }) => {
    const [, table, year, month, day] = /^(.*)_p(\d{4})(\d\d)(\d\d)$/.exec(name) ?? []
    const known = TABLES.find((one) => one === table)
    if (!known) return []
    const state = isPending === null ? 'alone' : isPending ? 'pending' : 'attached'
    return [{ name, table: known, day: `${year}-${month}-${day}`, state }]
  })
}

function nameOf(table: Table, day: string): string {
  return `${table}_p${day.replaceAll('-', '')}`
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

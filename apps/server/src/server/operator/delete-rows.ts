import { sql } from 'kysely'
import type { Db } from '#base/store'

/** Of one statement: a large account is many short ones, which hold nobody up. */
const PAGE = 2_000
/** Where the account itself stands, and what outlives it. */
const KEPT = new Set(['account', 'operator_entry'])
/** Written whenever somebody tries to get in: its rows do not tell whether all else has ended. */
const AUDIT = 'audit_entry'

/**
 * Deletes every row of an account but the account's own, table by table, by pages. The tables are those that the database has now.
 * @returns how many rows these were, without those of the audit
 */
export async function deleteRows(db: Db, accountId: string): Promise<number> {
  let deleted = 0
  for (const table of await tablesOfAccounts(db)) {
    const own = sql`account_id = ${accountId}`
    // A partition may have a row of another account at the same place: the condition stands twice.
    const page = sql`delete from ${sql.id(table)} where ${own} and ctid = any(array(
      select ctid from ${sql.id(table)} where ${own} limit ${PAGE}))`
    for (;;) {
      const count = Number((await page.execute(db)).numAffectedRows ?? 0n)
      if (count === 0) break
      if (table !== AUDIT) deleted += count
    }
  }
  return deleted
}

/** Tables with rows of accounts, each before those that it refers to. */
async function tablesOfAccounts(db: Db): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = current_schema()::regnamespace
    order by c.relname`.execute(db)
  const { rows: references } = await sql<{ from: string; to: string }>`
    select distinct child.relname as "from", parent.relname as "to" from pg_constraint f
    join pg_class child on child.oid = f.conrelid join pg_class parent on parent.oid = f.confrelid
    where f.contype = 'f' and f.conrelid <> f.confrelid`.execute(db)
  const ordered = new Set<string>()
  const visit = (name: string, via: readonly string[]): void => {
    if (ordered.has(name)) return
    if (via.includes(name)) throw new Error(`Tables refer to each other: ${via.join(', ')}`)
    for (const { from, to } of references) if (to === name) visit(from, [...via, name])
    ordered.add(name)
  }
  for (const { name } of tables) visit(name, [])
  const known = new Set(tables.map(({ name }) => name))
  return [...ordered].filter((name) => known.has(name) && !KEPT.has(name))
}

import { type RawBuilder, sql } from 'kysely'
import type { Db } from '#base/store'

/** Of one statement: many rows are deleted in short steps, which hold nobody up. */
const PAGE = 1_000

interface Deleted {
  found: number
  gone: number
  last: string | null
}

/**
 * Deletes the rows of a table for which a condition holds, each page a statement of its own. Rows that somebody holds are left.
 * @param order an instant, in whose order an index leads to them: without it the database may read the table from its beginning
 * @returns whether none is left
 */
export async function deleteByPages(
  db: Db,
  table: string,
  where: RawBuilder<unknown>,
  order?: string,
): Promise<boolean> {
  const name = sql.id(table)
  const by = order === undefined ? undefined : sql.id(order)
  let isAllGone = true
  for (let first = '-infinity'; ;) {
    // Each page begins where the one before has ended: while an old snapshot is held, deleted rows stay in the index.
    const page = sql`${where} ${by ? sql`and ${by} >= ${first} order by ${by}` : sql``} limit ${PAGE}`
    // A partition may have a row at the same place for which the condition does not hold: it stands with each place.
    const { rows } = await sql<Deleted>`
      with page as materialized (select ctid as place, ${by ?? sql`null::text`} as at from ${name} where ${page}),
      gone as (delete from ${name} where ${where} and ctid = any(array(
        select ctid from ${name} where ${where} and ctid = any(array(select place from page)) for update skip locked))
        returning 1)
      select (select count(*) from page)::int as found, (select count(*) from gone)::int as gone,
        (select max(at)::text from page) as last`.execute(db)
    const { found = 0, gone = 0, last = null } = rows[0] ?? {}
    isAllGone &&= gone >= found
    if (found < PAGE || (gone === 0 && (last === null || last === first))) return isAllGone
    first = last ?? first
  }
}

import { type RawBuilder, sql } from 'kysely'
import type { Db } from '#base/store'

/** Of one statement: many rows are deleted in short steps, which hold nobody up. */
const PAGE = 1_000

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
  const by = order === undefined ? undefined : sql.id(order)
  const found = sql`${where} ${by ? sql`order by ${by}` : sql``}`
  for (let last: string | null = '-infinity'; last !== null;) {
    // Each page begins where the one before has ended: while an old snapshot is held, deleted rows stay in the index.
    const page: RawBuilder<unknown> = sql`${where} ${by ? sql`and ${by} >= ${last} order by ${by}` : sql``} limit ${PAGE}`
    // A partition may have a row at the same place for which the condition does not hold: it stands twice.
    const deletion: RawBuilder<{ last: string | null }> = sql`with gone as (
      delete from ${sql.id(table)} where ${where} and ctid = any(array(
        select ctid from ${sql.id(table)} where ${page} for update skip locked)) returning ${by ?? sql`1 as one`})
      select max(${by ?? sql`one`})::text as last from gone`
    last = (await deletion.execute(db)).rows[0]?.last ?? null
  }
  const { rows } = await sql`select from ${sql.id(table)} where ${found} limit 1`.execute(db)
  return rows.length === 0
}

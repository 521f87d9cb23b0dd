import { type RawBuilder, sql } from 'kysely'
import type { Db } from '#base/store'

/** Of one statement: many rows are deleted in short steps, which hold nobody up. */
const PAGE = 1_000

/**
 * Deletes the rows of a table for which a condition holds, each page a statement of its own. Rows that somebody holds are left.
 * @param order a column, in whose order an index leads to them: without it the database may read the table from its beginning
 * @returns whether none is left
 */
export async function deleteByPages(
  db: Db,
  table: string,
  where: RawBuilder<unknown>,
  order?: string,
): Promise<boolean> {
  const found = sql`${where} ${order === undefined ? sql`` : sql`order by ${sql.id(order)}`}`
  // A partition may have a row at the same place for which the condition does not hold: it stands twice.
  const page = sql`delete from ${sql.id(table)} where ${where} and ctid = any(array(
    select ctid from ${sql.id(table)} where ${found} limit ${PAGE} for update skip locked))`
  while (((await page.execute(db)).numAffectedRows ?? 0n) > 0n);
  const { rows } = await sql`select from ${sql.id(table)} where ${found} limit 1`.execute(db)
  return rows.length === 0
}

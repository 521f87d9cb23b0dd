import { sql } from 'kysely'
import type { TestServer } from './start-test-server.ts'

/**
 * Every table in which a text occurs, in order.
 * @param leftOut rows with this text do not count
 */
export async function tablesWith(
  { context }: TestServer,
  text: string,
  leftOut?: string,
): Promise<string[]> {
  const { db } = context.store
  const tables = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(db)
  const found: string[] = []
  for (const { name } of tables.rows) {
    const counts = leftOut === undefined ? sql`true` : sql`t::text not like ${`%${leftOut}%`}`
    const { rows } = await sql`
      select from ${sql.id(name)} as t where t::text like ${`%${text}%`} and ${counts} limit 1`.execute(
      db,
    )
    // Records and logs are parted by day.
    if (rows.length > 0) found.push(name.replace(/_p\d+$/, ''))
  }
  return found.toSorted()
}

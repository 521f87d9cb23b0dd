import { sql } from 'kysely'
import type { Db } from './db.ts'

const MOST = 5

/**
 * Says which sessions have used tables for longer than a moment, such as a dump: whoever wants a table for itself waits for them.
 * @param except the name of the sessions that wait
 */
export async function describeUsers(db: Db, except: string): Promise<string> {
  // A role without the right to see more sees names, and no times. From 16384 on, tables are not PostgreSQL's own.
  const { rows } = await sql<{ pid: number; name: string; seconds: number | null }>`
    select pid, application_name as name, extract(epoch from clock_timestamp() - xact_start)::int as seconds
      from pg_stat_activity a
      where datname = current_database() and application_name <> ${except} and pid <> pg_backend_pid()
        and (xact_start is null or xact_start < clock_timestamp() - interval '1 second')
        and exists (select from pg_locks l where l.pid = a.pid and granted and relation >= 16384)
      order by xact_start limit ${MOST}`.execute(db)
  if (rows.length === 0) return ''
  const users = rows.map(({ pid, name, seconds }) => {
    const since = seconds === null ? '' : `, for ${seconds} s`
    return `process ${pid} of the database (${name || 'without a name'}${since})`
  })
  return `, until others have ended what they do with them: ${users.join(', ')}`
}

import pg from 'pg'
import { type Db, openDb } from './db.ts'

/** Queries beside the product, over a pool of their own; `max` of 1 makes it one session. */
export function openPlainDb(url: string, { max = 10 } = {}): Db {
  const pool = new pg.Pool({ connectionString: url, max })
  // Ending it does not wait until its connections have ended: the database may be dropped under them.
  pool.on('error', () => undefined)
  return openDb(pool)
}

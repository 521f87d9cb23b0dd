import { sql } from 'kysely'
import { expect } from 'vitest'
import { PATIENCE_MS } from './patience.ts'
import type { TestServer } from './start-test-server.ts'

const PATIENCE = { timeout: PATIENCE_MS, interval: 5 }

/** A statement that waits in the database, so that its node can be killed in the middle of what it does. */
export interface Stop {
  /** Resolves once the statement waits. */
  reached(): Promise<void>
  /** After the node was killed: the statement goes on, and its connection ends. */
  release(): Promise<void>
  /** Resolves once the statement, whose node lives, has gone on to its commit. */
  goOn(): Promise<void>
}

/**
 * Holds up statements on a table; once at a time for a server.
 * @param moment as of a trigger, without the table: `before insert for each row`
 */
export async function stopAt(
  { context }: Pick<TestServer, 'context'>,
  table: string,
  moment: string,
): Promise<Stop> {
  const { db } = context.store
  await sql`
    create or replace function wait_for_test() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock_shared(17, 17);
      return coalesce(new, old);
    end $$`.execute(db)
  const [event, when] = [/^before \w+/.exec(moment)?.[0] ?? '', moment.replace(/^before \w+/, '')]
  await sql`create trigger wait_for_test ${sql.raw(event)} on ${sql.id(table)} ${sql.raw(when)}
    execute function wait_for_test()`.execute(db)
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(17, 17)`.execute(tx)
    held.resolve()
    await released.promise
  })
  await held.promise
  let waiting: number[] = []
  // Waits for who writes the table.
  const dropTrigger = () => sql`drop trigger wait_for_test on ${sql.id(table)}`.execute(db)

  return {
    async reached() {
      const look = async () => {
        const { rows } = await sql<{ pid: number }>`
          select pid from pg_locks
          where locktype = 'advisory' and classid = 17 and objid = 17 and not granted
            and database = (select oid from pg_database where datname = current_database())`.execute(
          db,
        )
        waiting = rows.map(({ pid }) => pid)
        return waiting.length
      }
      await expect.poll(look, PATIENCE).toBe(1)
    },
    async goOn() {
      released.resolve()
      await holding
      await dropTrigger()
    },
    async release() {
      released.resolve()
      await holding
      const left = async () => {
        const pids = sql.join(waiting)
        return (await sql`select from pg_stat_activity where pid in (${pids})`.execute(db)).rows
      }
      await expect.poll(left, PATIENCE).toEqual([])
      await dropTrigger()
    },
  }
}

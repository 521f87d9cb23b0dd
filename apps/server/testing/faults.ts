import { sql } from 'kysely'
import type { TestServer } from './start-test-server.ts'

/** Ends the connections by which nodes notify each other. */
export async function breakListening({ context }: TestServer): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and (query like 'listen%' or query like 'select pg_notify%' or query = 'select 1')`.execute(
    context.store.db,
  )
}

export const HOUR_AGO = new Date(Date.now() - 3600_000)

/** Makes nodes that were killed look silent since an hour: a test need not wait. */
export async function silenceKilledNodes({ contexts, context }: TestServer): Promise<void> {
  const alive = contexts.map(({ store }) => store.nodeId)
  const killed = context.store.db.updateTable('node').where('nodeId', 'not in', alive)
  await killed.set({ seenAt: HOUR_AGO }).execute()
}

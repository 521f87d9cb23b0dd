import { sql } from 'kysely'
import type { Store } from '#base/store'
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

/** Locks a table until it is freed, however long that takes; who only reads it goes on where it is locked `for` those who write. */
export async function lockTable(
  { context }: TestServer,
  name: string,
  { for: whom = 'all' }: { for?: 'all' | 'writers' } = {},
) {
  const mode = whom === 'all' ? sql`access exclusive` : sql`exclusive`
  const tx = await context.store.db.startTransaction().execute()
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
  await sql`lock table ${sql.table(name)} in ${mode} mode`.execute(tx)
  // Gives its connection back even if the database has ended the transaction meanwhile, which a commit does not.
  const free = async () => {
    if (!tx.isRolledBack) await tx.rollback().execute()
  }
  return { free, [Symbol.asyncDispose]: free }
}

/** The process id of a connection that waits for a table; 0 while none does. */
export async function waitingFor({ context }: TestServer, name: string): Promise<number> {
  const { rows } = await sql<{ pid: number }>`select pid from pg_locks
    where relation = ${name}::regclass and not granted`.execute(context.store.db)
  return rows[0]?.pid ?? 0
}

/** How many statements wait for another transaction. */
export async function countWaiting({
  context,
}: {
  context: { store: Pick<Store, 'db'> }
}): Promise<number> {
  const { rows } = await sql`select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(context.store.db)
  return rows.length
}

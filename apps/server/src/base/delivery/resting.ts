import { type RawBuilder, sql } from 'kysely'
import { type Db, lockFirst, type Store } from '#base/store'

/** When overdue work of suspended accounts is due: later than anything is armed for, so that no sweep walks through it. */
export const AT_REST = new Date(Date.UTC(9999, 0))

/** Whether the account of a row or timer, as `work`, is suspended: the database knows it even where this node does not yet. */
export const IS_SUSPENDED = sql<boolean>`exists (select from account a
  where a.account_id = work.account_id and a.suspended_at is not null)`

interface Leased {
  rows: readonly { accountId: string; id: number }[]
  timers: readonly { accountId: string; generation: number }[]
}

/** Gives back what this node has leased of suspended accounts: it rests until they are resumed. */
export async function restLeased(
  store: Pick<Store, 'nodeId' | 'transaction'>,
  { rows, timers }: Leased,
): Promise<void> {
  for (const accountId of new Set([...rows, ...timers].map((work) => work.accountId))) {
    const ids = rows.filter((row) => row.accountId === accountId).map(({ id }) => id)
    const generations = timers
      .filter((timer) => timer.accountId === accountId)
      .map(({ generation }) => generation)
    await store.transaction(async (tx) => {
      const isSuspended = await lockSuspended(tx, accountId)
      const rested = sql`starts = starts - 1, leased_by = null, leased_until = null
        ${isSuspended ? sql`, run_at = ${AT_REST}` : sql``}
        where account_id = ${accountId} and leased_by = ${store.nodeId}`
      await sql`update outbox set ${rested} and id = any(${ids}::bigint[])`.execute(tx)
      await sql`update timer set ${rested} and generation = any(${generations}::bigint[])`.execute(
        tx,
      )
    })
  }
}

/** Under the lock of the account: whoever resumes it wakes what rests by then. */
async function lockSuspended(tx: Db, accountId: string): Promise<boolean> {
  const account = await lockFirst(
    tx.selectFrom('account').select('suspendedAt').where('accountId', '=', accountId),
  )
  return Boolean(account?.suspendedAt)
}

/** What rests of accounts that are active is due again. */
export async function wakeRested(db: Db): Promise<void> {
  const ofActive = sql`account_id <> all(array(select a.account_id from account a where a.suspended_at is not null))`
  await sql`update outbox set run_at = created_at
    where head and consumer = any(array(${namesIn('outbox', 'consumer', sql<boolean>`head`)})) and run_at = ${AT_REST} and ${ofActive}`.execute(
    db,
  )
  await sql`update timer set run_at = due_at
    where kind = any(array(${namesIn('timer', 'kind', sql<boolean>`true`)})) and run_at = ${AT_REST} and ${ofActive}`.execute(
    db,
  )
}

/**
 * The names in the index of what is due, each looked up behind the one before it. PostgreSQL below 18 reads the whole index for what it is not
 * told the name of.
 */
function namesIn(
  table: 'outbox' | 'timer',
  column: 'consumer' | 'kind',
  isIndexed: RawBuilder<boolean>,
): RawBuilder<unknown> {
  const name = sql.ref(column)
  const from = sql`select ${name} from ${sql.table(table)} where ${isIndexed}`
  return sql`with recursive found as (
      (${from} order by ${name} limit 1)
      union all select (${from} and ${name} > found.${name} order by ${name} limit 1) from found where found.${name} is not null
    ) select ${name} from found where ${name} is not null`
}

import { type SelectQueryBuilder, sql } from 'kysely'
import { type Clock, type Monotonic, ParleyError } from '#base/kernel'
import { SERVING } from './connect.ts'
import { type Db, jsonb } from './db.ts'
import { isConflict, isLocked } from './failures.ts'
import type { OutboxInsert } from './operations.ts'
import { openOutboxEncoder } from './outbox-rows.ts'
import { openTexts } from './procedures/texts.ts'
import type { Store } from './store.ts'

const TRIES = 5
/** Until a transaction asks again for what another one holds, at most; half of it on average. */
const PAUSE_MS = 100

interface TransactionDeps {
  db: Db
  clock: Clock
  monotonic: Monotonic
  /** The name of the stored procedure. */
  enqueueRows: string
}

interface AddedRow {
  accountId: string
  row: OutboxInsert
}

/**
 * Transactions that run again when they met another one, and for some seconds while another one holds what they lock. What they add to the outbox
 * is inserted at their end, all of it at once: the locks of ordering keys are the last that a transaction takes, in one order, as in commits.
 */
export function openTransactions({
  db,
  clock,
  monotonic,
  enqueueRows,
}: TransactionDeps): Pick<Store, 'transaction' | 'enqueue'> {
  const added = new WeakMap<Db, AddedRow[]>()

  async function insertAdded(tx: Db, rows: readonly AddedRow[]): Promise<void> {
    if (rows.length === 0) return
    const texts = openTexts()
    const encode = openOutboxEncoder(texts)
    const encoded = rows.map(({ accountId, row }) => [0, ...encode(row, { accountId })])
    const now = new Date(clock.now())
    await sql`select ${sql.raw(enqueueRows)}(${jsonb(encoded)}, ${texts.bytes()}, ${now})`.execute(
      tx,
    )
  }

  const attempt = <Result>(work: (tx: Db) => Promise<Result>) =>
    db.transaction().execute(async (tx) => {
      const rows: AddedRow[] = []
      added.set(tx, rows)
      const result = await work(tx)
      // What comes later would be lost without a word.
      added.delete(tx)
      await insertAdded(tx, rows)
      return result
    })

  return {
    async transaction(work) {
      const giveUpAt = monotonic.now() + SERVING.lockMs
      for (let conflicts = 0; ;) {
        try {
          return await attempt(work)
        } catch (cause) {
          if (cause instanceof HeldError) {
            if (monotonic.now() > giveUpAt) throw cause
            await monotonic.sleep(Math.random() * PAUSE_MS)
          } else if (!isConflict(cause) || ++conflicts === TRIES) throw cause
        }
      }
    },
    enqueue(tx, accountId, rows) {
      const known = added.get(tx)
      if (!known)
        throw new Error('Rows of the outbox are added while a transaction of the store goes on')
      for (const row of rows) known.push({ accountId, row })
    },
  }
}

/**
 * The first row of a query, which nobody else changes until the transaction of `Store.transaction` ends; rows that only refer to it
 * are written meanwhile. Where another transaction holds the row, this one begins again a moment later: who waits for what many
 * want has no connection in hand, which others need for something else.
 */
export async function lockFirst<Tables, From extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, From, Row>,
) {
  try {
    return await query.forNoKeyUpdate().noWait().executeTakeFirst()
  } catch (cause) {
    throw isLocked(cause) ? new HeldError(cause) : cause
  }
}

class HeldError extends ParleyError {
  override name = 'HeldError'

  constructor(cause: unknown) {
    super('unavailable', 'Another change of the same thing goes on for too long', { cause })
  }
}

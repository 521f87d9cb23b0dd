import type { SelectQueryBuilder } from 'kysely'
import { type Monotonic, ParleyError } from '#base/kernel'
import { SERVING } from './connect.ts'
import type { Db } from './db.ts'
import { isConflict, isLocked } from './failures.ts'

const TRIES = 5
/** Until a transaction asks again for what another one holds, at most; half of it on average. */
const PAUSE_MS = 100

/** Runs a transaction, again when it met another one, and again for some seconds while another one holds what it locks. */
export async function inTransaction<Result>(
  { db, monotonic }: { db: Db; monotonic: Monotonic },
  work: (tx: Db) => Promise<Result>,
): Promise<Result> {
  const giveUpAt = monotonic.now() + SERVING.lockMs
  for (let conflicts = 0; ;) {
    try {
      return await db.transaction().execute(work)
    } catch (cause) {
      if (cause instanceof HeldError) {
        if (monotonic.now() > giveUpAt) throw cause
        await monotonic.sleep(Math.random() * PAUSE_MS)
      } else if (!isConflict(cause) || ++conflicts === TRIES) throw cause
    }
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

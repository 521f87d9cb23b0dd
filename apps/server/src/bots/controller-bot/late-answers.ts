import { ChangeFacts } from '@parley/contract'
import type { Db } from '#base/store'

/** The outbox consumer of events whose default message has not waited any longer: their functions may still answer. */
export const LATE_CONSUMER = 'late-answers'

/** The facts of such a row; `undefined` where its event has been answered. */
export async function findLateFacts(
  db: Db,
  accountId: string,
  outboxId: number,
): Promise<ChangeFacts | undefined> {
  const row = await db
    .selectFrom('outbox')
    .select('facts')
    .where('accountId', '=', accountId)
    .where('id', '=', outboxId)
    .where('consumer', '=', LATE_CONSUMER)
    .executeTakeFirst()
  return row && ChangeFacts.parse(row.facts)
}

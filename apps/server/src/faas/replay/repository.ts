import type { Db } from '#base/store'

const BEFORE_MS = 60_000
/** Longer than an invocation may run. */
const AFTER_MS = 3_600_000

/** The log of one run, as it was stored. */
export function findLog(db: Db, accountId: string, recordId: string, startedAt: Date) {
  const at = startedAt.getTime()
  return db
    .selectFrom('logEntry')
    .select(['level', 'message', 'extras'])
    .where('accountId', '=', accountId)
    .where('at', '>=', new Date(at - BEFORE_MS))
    .where('at', '<', new Date(at + AFTER_MS))
    .where('recordId', '=', recordId)
    .orderBy('position')
    .execute()
}

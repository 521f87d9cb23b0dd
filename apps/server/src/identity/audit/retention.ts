import type { AuditDeps } from './deps.ts'
import { deleteOldest } from './repository.ts'

/** Of one statement: many entries are deleted in short steps, which hold nobody up. */
const PAGE = 2000

/** Deletes what was noted before. */
export async function deleteBefore(
  { store }: Pick<AuditDeps, 'store'>,
  accountId: string,
  before: Date,
): Promise<void> {
  let deleted = PAGE
  while (deleted === PAGE) {
    deleted = await deleteOldest(store.maintenance, accountId, { before, limit: PAGE })
  }
}

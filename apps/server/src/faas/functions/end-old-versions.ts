import type { Db } from '#base/store'
import type { FunctionsDeps } from './deps.ts'
import {
  deleteOldDeployments,
  deleteOldVersions,
  findFunctionsWithOld,
  holdFunction,
} from './retention-repository.ts'

const DAY_MS = 86_400_000

/**
 * Ends deployments and versions that newer ones have replaced long ago. What a rollback may need stays: the live ones, the newest
 * twenty, and versions of deployments that stay; so does what kept records may name.
 * @returns whether nothing is left: somebody may hold a function
 */
export async function endOldVersions(
  { store, settings, clock }: FunctionsDeps,
  accountId: string,
): Promise<boolean> {
  const { versionDays, invocationDays } = (await settings.get(accountId)).retention
  if (versionDays === null) return true
  const days = Math.max(versionDays, invocationDays)
  const before = new Date(clock.now() - days * DAY_MS)
  for (;;) {
    const functionIds = await findFunctionsWithOld(store.maintenance, accountId, before)
    let ended = 0
    for (const functionId of functionIds) {
      ended += await store.maintenance
        .transaction()
        .execute((tx) => endPage(tx, { accountId, functionId }, before))
    }
    if (ended === 0) return functionIds.length === 0
  }
}

/** Its deployments first, which keep their versions. How many these were; 0 while somebody holds the function. */
async function endPage(
  tx: Db,
  of: { accountId: string; functionId: string },
  before: Date,
): Promise<number> {
  if (!(await holdFunction(tx, of))) return 0
  return (await deleteOldDeployments(tx, of, before)) + (await deleteOldVersions(tx, of, before))
}

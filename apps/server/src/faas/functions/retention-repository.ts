import type { Db } from '#base/store'
import type { FunctionRow } from './repository.ts'

/** Keeps the newest versions and the live one. `null` keeps all. */
export async function forgetOldVersions(
  tx: Db,
  { accountId, functionId, version, liveVersion }: FunctionRow,
  kept: number | null,
): Promise<void> {
  if (kept === null) return
  await tx
    .deleteFrom('functionVersion')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('version', '<=', version - kept)
    .where('version', '!=', liveVersion ?? version)
    .execute()
}

/** Keeps the newest deployments and the live one. `null` keeps all. */
export async function forgetOldDeployments(
  tx: Db,
  { accountId, functionId, liveDeploymentId }: FunctionRow,
  kept: number | null,
): Promise<void> {
  if (kept === null) return
  await tx
    .deleteFrom('deployment')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('deploymentId', 'not in', (newest) =>
      newest
        .selectFrom('deployment')
        .select('deploymentId')
        .where('accountId', '=', accountId)
        .where('functionId', '=', functionId)
        .orderBy('sequence', 'desc')
        .limit(kept),
    )
    .where((where) => where('deploymentId', 'is distinct from', liveDeploymentId))
    .execute()
}

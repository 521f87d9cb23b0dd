import type { FunctionDetail } from '@parley/contract'
import type { Actor } from '#faas/function-config'
import { getFunction, getFunctionRow, getVersionRow } from './read.ts'
import type { FunctionsDeps } from './deps.ts'
import { updateFunction } from './update.ts'

/** Saves an old version as the newest one. The deployed version stays. */
export async function restoreVersion(
  deps: FunctionsDeps,
  accountId: string,
  actor: Actor,
  functionId: string,
  version: number,
): Promise<FunctionDetail> {
  await getFunctionRow(deps, accountId, functionId)
  const { code, language, description, dependencies, environment } = await getVersionRow(
    deps,
    accountId,
    functionId,
    version,
  )
  const restored = await updateFunction(deps, accountId, actor, functionId, {
    code,
    language,
    description,
    dependencies,
    environment,
    restoredFrom: version,
  })
  return restored ?? getFunction(deps, accountId, functionId)
}

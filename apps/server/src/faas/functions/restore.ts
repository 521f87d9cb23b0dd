import type { FunctionDetail } from '@parley/contract'
import type { Actor } from '#faas/function-config'
import { getFunction, getFunctionRow, getVersionRow } from './read.ts'
import type { FunctionsRoom } from './room.ts'
import { updateFunction } from './update.ts'

/** Saves an old version as the newest one. What runs is not touched. */
export async function restoreVersion(
  room: FunctionsRoom,
  accountId: string,
  actor: Actor,
  functionId: string,
  version: number,
): Promise<FunctionDetail> {
  await getFunctionRow(room, accountId, functionId)
  const { code, language, description, dependencies, environment } = await getVersionRow(
    room,
    accountId,
    functionId,
    version,
  )
  const restored = await updateFunction(room, accountId, actor, functionId, {
    code,
    language,
    description,
    dependencies,
    environment,
    restoredFrom: version,
  })
  return restored ?? getFunction(room, accountId, functionId)
}

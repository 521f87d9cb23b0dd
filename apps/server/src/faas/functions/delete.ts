import { ParleyError } from '#base/kernel'
import type { Actor } from '#faas/function-config'
import { functionNotFound } from './read.ts'
import { deleteFunctionRow, lockFunction } from './repository.ts'
import type { FunctionsDeps } from './deps.ts'

export async function deleteFunction(
  deps: FunctionsDeps,
  accountId: string,
  actor: Actor,
  functionId: string,
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const row = await lockFunction(tx, accountId, functionId)
    if (!row) throw functionNotFound(accountId, functionId)
    if (row.liveDeploymentId !== null) {
      throw new ParleyError('function_deployed', `Undeploy "${row.name}" before deleting it`)
    }
    await deleteFunctionRow(tx, accountId, functionId)
    await deps.functionConfig.activities.record(tx, accountId, actor, {
      topic: 'function',
      activity: 'Lambda Delete',
      description: `Lambda ${row.name} deleted`,
      functionId,
    })
  })
}

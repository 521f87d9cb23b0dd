import type { FunctionSummary } from '@parley/contract'
import { lockAccount } from '#base/kit'
import { ParleyError } from '#base/kernel'
import type { Actor } from '#faas/function-config'
import { toSummary } from './describe.ts'
import { functionNotFound } from './read.ts'
import { type FunctionRow, lockFunction, updateFunctionRow } from './repository.ts'
import { changeFunctions } from './deploy.ts'
import type { FunctionsDeps } from './deps.ts'

/** Takes a function out of service. Requests in flight finish; its schedules pause. */
export async function undeployFunction(
  deps: FunctionsDeps,
  accountId: string,
  actor: Actor,
  functionId: string,
): Promise<FunctionSummary> {
  const row = await changeFunctions(deps, accountId, async (tx) => {
    const found = await lockFunction(tx, accountId, functionId)
    if (!found) throw functionNotFound(accountId, functionId)
    if (found.liveDeploymentId === null) {
      throw new ParleyError('function_not_deployed', `Function "${found.name}" is not deployed`)
    }
    // A schedule that is made now is paused, too, or refused.
    await lockAccount(tx, accountId)
    const after: FunctionRow = {
      ...found,
      state: 'Draft',
      liveDeploymentId: null,
      liveVersion: null,
      updatedAt: new Date(deps.clock.now()),
      updatedBy: actor,
    }
    await updateFunctionRow(tx, found, after)
    await deps.pauseSchedules(tx, accountId, functionId)
    await deps.functionConfig.activities.record(tx, accountId, actor, {
      topic: 'deployment',
      activity: 'Lambda Update',
      description: 'Lambda undeployed',
      functionId,
      fromVersion: found.liveVersion,
    })
    return after
  })
  return toSummary(row)
}

import type { DeploymentDetail } from '@parley/contract'
import { isUuid, ParleyError } from '#base/kernel'
import type { Actor } from '#faas/function-config'
import { makeLive } from './deploy.ts'
import { findDeployments } from './repository.ts'
import type { FunctionsDeps } from './deps.ts'

/** Makes an earlier deployment live again. Requests in flight finish on the one that was live. */
export function rollBackFunction(
  deps: FunctionsDeps,
  accountId: string,
  actor: Actor,
  functionId: string,
  deploymentId: string,
): Promise<DeploymentDetail> {
  return makeLive(deps, accountId, actor, functionId, async (row, db) => {
    const deployments = isUuid(deploymentId) ? await findDeployments(db, accountId, functionId) : []
    const earlier = deployments.find((deployment) => deployment.deploymentId === deploymentId)
    if (!earlier || earlier.state !== 'Deploy Finish') {
      throw new ParleyError(
        'deployment_not_found',
        `No finished deployment "${deploymentId}" of function "${row.name}"`,
      )
    }
    return { version: earlier.version, rollbackOf: deploymentId }
  })
}

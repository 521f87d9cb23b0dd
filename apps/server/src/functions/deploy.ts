import type { AccountLimits, DeploymentDetail } from '@parley/contract'
import { ParleyError } from '#kernel'
import type { Db } from '#store'
import { recordActivity } from './activities.ts'
import { build } from './build.ts'
import { lockEventSlot } from './deployed-repository.ts'
import { toDeployment } from './describe.ts'
import { checkEventLimit } from './event-limit.ts'
import { functionNotFound } from './read.ts'
import {
  countFunctions,
  type DeploymentRow,
  findVersion,
  type FunctionRow,
  insertDeployment,
  tryLockFunction,
  updateFunctionRow,
} from './repository.ts'
import { forgetOldDeployments } from './retention.ts'
import { limitsOf, type Actor, changeFunctions, type FunctionsRoom } from './room.ts'

/**
 * Makes the newest version the one that is invoked. Requests in flight finish on the old one.
 * A version that cannot be built leaves the old deployment serving.
 */
export async function deployFunction(
  room: FunctionsRoom,
  accountId: string,
  actor: Actor,
  functionId: string,
): Promise<DeploymentDetail> {
  return makeLive(room, accountId, actor, functionId, ({ version }) => ({ version }))
}

/** Makes the version that `choose` names live, by a new deployment. */
export async function makeLive(
  room: FunctionsRoom,
  accountId: string,
  actor: Actor,
  functionId: string,
  choose: (row: FunctionRow, tx: Db) => Choice | Promise<Choice>,
): Promise<DeploymentDetail> {
  const limits = await limitsOf(room, accountId)
  const { row, deployment } = await changeFunctions(room, accountId, async (tx) => {
    const found = await lockForDeployment(tx, accountId, functionId)
    const { version: number, rollbackOf = null } = await choose(found, tx)
    const version = await findVersion(tx, accountId, functionId, number)
    if (!version) {
      throw new ParleyError(
        'version_not_found',
        `Function "${found.name}" has no version ${number}`,
      )
    }
    await checkRoomFor(tx, found, limits)
    const attempted = await build(room, actor, version, rollbackOf, limits)
    await insertDeployment(tx, attempted)
    const after = afterDeployment(found, attempted, room.clock.now(), actor)
    await updateFunctionRow(tx, found, after)
    await forgetOldDeployments(tx, after, limits.keptDeployments)
    await recordActivity(tx, room, accountId, actor, {
      topic: 'deployment',
      activity: 'Lambda Update',
      description: describeDeployment(attempted),
      functionId,
      fromVersion: found.liveVersion,
      toVersion: number,
    })
    return { row: after, deployment: attempted }
  })
  if (deployment.error) throw new ParleyError('deployment_failed', deployment.error.errorMsg)
  return toDeployment(deployment, row.liveDeploymentId)
}

export interface Choice {
  version: number
  rollbackOf?: string
}

async function lockForDeployment(tx: Db, accountId: string, functionId: string) {
  const row = await tryLockFunction(tx, accountId, functionId)
  if (row === 'locked') {
    throw new ParleyError(
      'function_deploying',
      'Can not deploy a lambda during an active deployment',
    )
  }
  if (!row) throw functionNotFound(accountId, functionId)
  return row
}

async function checkRoomFor(tx: Db, row: FunctionRow, limits: AccountLimits): Promise<void> {
  const { accountId, functionId, eventId } = row
  if (eventId) {
    checkEventLimit(eventId, await lockEventSlot(tx, accountId, eventId, functionId), row)
  }
  if (limits.deployedFunctions === null || row.liveDeploymentId) return
  const { deployed } = await countFunctions(tx, accountId)
  if (deployed < limits.deployedFunctions) return
  throw new ParleyError(
    'function_limit_reached',
    `The account may have ${limits.deployedFunctions} deployed functions, it has ${deployed}`,
  )
}

function afterDeployment(
  row: FunctionRow,
  { state, deploymentId, version }: DeploymentRow,
  now: number,
  actor: Actor,
): FunctionRow {
  const touched = { ...row, updatedAt: new Date(now), updatedBy: actor }
  if (state !== 'Deploy Finish') return { ...touched, state }
  return {
    ...touched,
    state: version === row.version ? 'Productive' : 'Modified',
    liveDeploymentId: deploymentId,
    liveVersion: version,
  }
}

function describeDeployment({ error, rollbackOf, version }: DeploymentRow): string {
  if (error) return `Deployment failed: ${error.errorMsg}`
  return rollbackOf ? `Lambda rolled back to version ${version}` : 'Lambda deployed'
}

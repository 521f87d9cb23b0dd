import type { AccountLimits, DeploymentDetail } from '@parley/contract'
import { lockAccount } from '#base/kit'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { Actor } from '#faas/function-config'
import { build } from './build.ts'
import { lockEventSlot } from './deployed-repository.ts'
import { toDeployment } from './describe.ts'
import { checkEventLimit } from './event-limit.ts'
import { functionNotFound, getFunctionRow, getVersionRow } from './read.ts'
import {
  countFunctions,
  type NewDeployment,
  findVersion,
  type FunctionRow,
  insertDeployment,
  lockFunction,
  updateFunctionRow,
} from './repository.ts'
import { forgetOldDeployments } from './retention-repository.ts'
import type { FunctionsDeps } from './deps.ts'
import { namedSkills, requireNewest } from './validate-draft.ts'

/**
 * Makes the newest version the one that is invoked. Requests in flight finish on the old one.
 * A version that cannot be built leaves the old deployment serving.
 * @param wanted the version that the caller has seen; another one is not deployed
 */
export async function deployFunction(
  deps: FunctionsDeps,
  accountId: string,
  actor: Actor,
  functionId: string,
  wanted?: number,
): Promise<DeploymentDetail> {
  return makeLive(deps, accountId, actor, functionId, async ({ version, skills }) => {
    if (wanted !== undefined) requireNewest(wanted, version)
    // A skill may have been deleted since the function was saved.
    for (const { path, skillId } of namedSkills(skills)) {
      await deps.accounts.skills.getNamed(accountId, path, skillId)
    }
    return { version }
  })
}

/** Makes the version that `choose` names live, by a new deployment. */
export async function makeLive(
  deps: FunctionsDeps,
  accountId: string,
  actor: Actor,
  functionId: string,
  choose: (row: FunctionRow, db: Db) => Choice | Promise<Choice>,
): Promise<DeploymentDetail> {
  using _turn = takeTurn(deps, accountId, functionId)
  const limits = await deps.functionConfig.limitsOf(accountId)
  // Build before locking anything: slow code must not delay other changes.
  const before = await getFunctionRow(deps, accountId, functionId)
  const { version: number, rollbackOf = null } = await choose(before, deps.store.db)
  const version = await getVersionRow(deps, accountId, functionId, number)
  const deployment = await build(deps, actor, version, before.eventId, rollbackOf, limits)
  try {
    const row = await changeFunctions(deps, accountId, (tx) =>
      put(tx, deps, { before, actor, limits, deployment }),
    )
    if (deployment.error) throw new ParleyError('deployment_failed', deployment.error.errorMsg)
    return toDeployment(deployment, row.liveDeploymentId)
  } catch (error) {
    deps.retire(deployment.deploymentId)
    throw error
  }
}

/** Allows one deployment of a function at a time on this node. Of two on different nodes `lockForDeployment` refuses the later one. */
function takeTurn({ deploying }: FunctionsDeps, accountId: string, functionId: string): Disposable {
  const key = `${accountId} ${functionId}`
  if (deploying.has(key)) throw activeDeployment()
  deploying.add(key)
  return { [Symbol.dispose]: () => void deploying.delete(key) }
}

interface Attempt {
  /** The function when the deployment began. */
  before: FunctionRow
  actor: Actor
  limits: AccountLimits
  deployment: NewDeployment
}

async function put(
  tx: Db,
  deps: FunctionsDeps,
  { before, actor, limits, deployment }: Attempt,
): Promise<FunctionRow> {
  const { accountId, functionId } = before
  const found = await lockForDeployment(tx, before)
  await checkIsKept(tx, deployment)
  await checkRoomFor(tx, found, limits)
  await insertDeployment(tx, deployment)
  const after = afterDeployment(found, deployment, deps.clock.now(), actor)
  await updateFunctionRow(tx, found, after)
  await forgetOldDeployments(tx, after, limits.keptDeployments)
  await deps.functionConfig.activities.record(tx, accountId, actor, {
    topic: 'deployment',
    activity: 'Lambda Update',
    description: describeDeployment(deployment),
    functionId,
    fromVersion: found.liveVersion,
    toVersion: deployment.version,
  })
  return after
}

export interface Choice {
  version: number
  rollbackOf?: string
}

/** Waits for who edits the function meanwhile. */
async function lockForDeployment(
  tx: Db,
  { accountId, functionId, liveDeploymentId }: FunctionRow,
): Promise<FunctionRow> {
  const row = await lockFunction(tx, accountId, functionId)
  if (!row) throw functionNotFound(accountId, functionId)
  if (row.liveDeploymentId === liveDeploymentId) return row
  // Another node has made another deployment live since this one began.
  if (row.liveDeploymentId !== null) throw activeDeployment()
  throw new ParleyError(
    'function_changed_meanwhile',
    `"${row.name}" was undeployed meanwhile: deploy it again if it is still wanted`,
  )
}

/** Newer versions may have been saved meanwhile, and only a limited number is kept. */
async function checkIsKept(tx: Db, { accountId, functionId, version }: NewDeployment) {
  if (await findVersion(tx, accountId, functionId, version)) return
  throw new ParleyError(
    'function_changed_meanwhile',
    `version: ${version} is no longer kept, newer ones were saved meanwhile`,
  )
}

function activeDeployment(): ParleyError {
  return new ParleyError(
    'function_deploying',
    'Can not deploy a lambda during an active deployment',
  )
}

async function checkRoomFor(tx: Db, row: FunctionRow, limits: AccountLimits): Promise<void> {
  const { accountId, functionId, eventId } = row
  if (eventId) {
    checkEventLimit(eventId, await lockEventSlot(tx, accountId, eventId, functionId), row)
  }
  if (row.liveDeploymentId) return
  await lockAccount(tx, accountId)
  const { deployed } = await countFunctions(tx, accountId)
  if (deployed < limits.deployedFunctions) return
  throw new ParleyError(
    'function_limit_reached',
    `The account may have ${limits.deployedFunctions} deployed functions, it has ${deployed}`,
  )
}

function afterDeployment(
  row: FunctionRow,
  { state, deploymentId, version }: NewDeployment,
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

function describeDeployment({ error, rollbackOf, version }: NewDeployment): string {
  if (error) return `Deployment failed: ${error.errorMsg}`
  return rollbackOf ? `Lambda rolled back to version ${version}` : 'Lambda deployed'
}

/** Changes the account's functions in one transaction, then notifies every node. */
export async function changeFunctions<T>(
  deps: FunctionsDeps,
  accountId: string,
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  const done = await deps.changing.run(accountId, () => deps.store.transaction(work))
  await deps.changed(accountId)
  return done
}

import type { ReplayTarget } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { FunctionVersion } from '#faas/sandbox'
import type { ReplayDeps } from './deps.ts'

/** What a replay runs. */
export interface ReplayedVersion {
  version: number
  /** The replay gives it a deployment of its own. */
  runnable: FunctionVersion
}

/**
 * The version that is meant now; `undefined` where each run is repeated with its own.
 * @throws `function_not_found`, `function_not_deployed`
 */
export async function versionOf(
  { functions }: Pick<ReplayDeps, 'functions'>,
  accountId: string,
  functionId: string,
  against: ReplayTarget,
): Promise<number | undefined> {
  const { row } = await functions.drafts.getWhole(accountId, functionId)
  if (typeof against === 'object') return against.version
  if (against === 'recorded') return undefined
  if (against === 'draft') return row.version
  const [deployed] = await functions.deployed.find(accountId, { functionId })
  if (deployed) return deployed.version
  throw new ParleyError('function_not_deployed', `Function "${row.name}" is not deployed`)
}

/** @throws `version_not_found` */
export async function readVersion(
  { functions }: Pick<ReplayDeps, 'functions'>,
  accountId: string,
  functionId: string,
  version: number,
): Promise<ReplayedVersion> {
  const of = { accountId, functionId, deploymentId: 'replay', version }
  return { version, runnable: await functions.runnables.read(of) }
}

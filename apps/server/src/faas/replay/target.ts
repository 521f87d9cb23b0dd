import type { ReplayTarget, WholeInvocation } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { FunctionVersion } from '#faas/sandbox'
import type { ReplayDeps } from './deps.ts'

/** The version that a replay runs, under a deployment of its own: its instances serve nothing else. */
export async function findTarget(
  { functions, ids }: ReplayDeps,
  accountId: string,
  { functionId, version: recorded }: Pick<WholeInvocation, 'functionId' | 'version'>,
  against: ReplayTarget,
): Promise<{ version: number; runnable: FunctionVersion }> {
  const { row } = await functions.drafts.getWhole(accountId, functionId)
  const version = await versionOf()
  const of = { accountId, functionId, deploymentId: `replay ${ids.uuid()}`, version }
  return { version, runnable: await functions.runnables.read(of) }

  async function versionOf(): Promise<number> {
    if (typeof against === 'object') return against.version
    if (against === 'recorded') return recorded
    if (against === 'draft') return row.version
    const [deployed] = await functions.deployed.find(accountId, { functionId })
    if (deployed) return deployed.version
    throw new ParleyError('function_not_deployed', `Function "${row.name}" is not deployed`)
  }
}

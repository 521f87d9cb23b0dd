import type { Permission, Replay, ReplayRequest, WholeInvocation } from '@parley/contract'
import { lacking } from '#base/kernel'
import type { ReplayDeps } from './deps.ts'
import { type Replayed, replayRun, type ReplayWith } from './replay-run.ts'
import { readVersion, versionOf } from './target.ts'

/**
 * Runs an invocation again from its recording and compares. Inert: no command is applied, nothing is counted or noted as a use.
 * @throws `not_found`; `conflict` when too little is recorded; `forbidden` when calls are let out by who may not invoke
 */
export async function replayInvocation(
  deps: ReplayDeps,
  accountId: string,
  recordId: string,
  { against, calls }: ReplayRequest,
  permissions: ReadonlySet<Permission>,
): Promise<Replay> {
  if (calls === 'allowed' && !permissions.has('function:invoke')) {
    throw lacking('permission', 'function:invoke')
  }
  return (await replayOnce(deps, accountId, recordId, { against, calls })).replay
}

/**
 * The same, with the record that the run would leave behind, in an instance of its own.
 * @throws `not_found`; `conflict` when too little is recorded
 */
export async function replayOnce(
  deps: ReplayDeps,
  accountId: string,
  recordId: string,
  { against, calls, isRead }: ReplayRequest & Pick<ReplayWith, 'isRead'>,
): Promise<Replayed> {
  const targetOf = async (record: WholeInvocation) => {
    const version = await versionOf(deps, accountId, record.functionId, against)
    return readVersion(deps, accountId, record.functionId, version ?? record.version)
  }
  const deploymentId = `replay ${deps.ids.uuid()}`
  try {
    const deploymentOf = () => deploymentId
    return await replayRun(deps, accountId, recordId, { targetOf, calls, deploymentOf, isRead })
  } finally {
    deps.sandbox.retire(deploymentId)
  }
}

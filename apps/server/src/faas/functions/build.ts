import type { AccountLimits } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { describeProblem, placeOfFailure } from '#faas/source'
import type { Actor } from '#faas/function-config'
import { deploymentName } from './deployment-name.ts'
import type { NewDeployment, VersionRow } from './repository.ts'
import { runnableVersion } from './runnable.ts'
import type { FunctionsDeps } from './deps.ts'

const CONTRACT_ERROR = 'com.liveperson.faas.fm.contract-error'

/** Checks whether a version can be deployed. The result is a deployment row, also when it cannot. */
export async function build(
  deps: FunctionsDeps,
  actor: Actor,
  version: VersionRow,
  eventId: string | null,
  rollbackOf: string | null,
  limits: AccountLimits,
): Promise<NewDeployment> {
  const { accountId, functionId } = version
  const deploymentId = deps.ids.uuid()
  const problem =
    (await buildProblem(deps, version, eventId, limits)) ??
    (await loadProblem(deps, deploymentId, version))
  const at = new Date(deps.clock.now())
  return {
    accountId,
    deploymentId,
    functionId,
    name: deploymentName(deps.ids),
    version: version.version,
    state: problem?.state ?? 'Deploy Finish',
    error: problem
      ? deps.functionConfig.secrets
          .maskOf(accountId)
          .value({ errorCode: CONTRACT_ERROR, errorMsg: problem.message })
      : null,
    rollbackOf,
    createdAt: at,
    createdBy: actor,
    updatedAt: at,
    updatedBy: actor,
    deployedAt: problem ? null : at,
  }
}

interface Problem {
  state: 'Build Error' | 'Deploy Error'
  message: string
}

/** Checks the source again: the rules may have become stricter since it was saved. */
async function buildProblem(
  { compiler, settings }: FunctionsDeps,
  { accountId, code, language }: VersionRow,
  eventId: string | null,
  { codeCharacters }: AccountLimits,
): Promise<Problem | undefined> {
  const { typesCheckedAtDeployment: types } = await settings.get(accountId)
  const options = {
    language,
    maxCharacters: codeCharacters,
    types,
    eventId: eventId ?? undefined,
  }
  const checked = await compiler.check(accountId, code, options)
  const problems = checked.ok
    ? checked.warnings.filter(({ rule }) => rule === 'type')
    : checked.problems
  const [first] = problems
  return first && { state: 'Build Error', message: describeProblem(first) }
}

const OUT_OF_ORDER = new Set(['closed', 'start-failed'])

/** Loads the source in the sandbox, which runs its top level. A busy sandbox does not fail the deployment. */
async function loadProblem(
  deps: FunctionsDeps,
  deploymentId: string,
  version: VersionRow,
): Promise<Problem | undefined> {
  const { accountId, functionId } = version
  const runnable = runnableVersion({ accountId, functionId, deploymentId }, version)
  const probed = await deps.probe(runnable)
  if (probed.ok) return undefined
  if (probed.failure === 'unavailable' && OUT_OF_ORDER.has(probed.errorCode ?? '')) {
    throw new ParleyError('unavailable', `Functions cannot run now: ${String(probed.message)}`)
  }
  if (probed.retryable) return undefined
  const { stack = '' } = probed
  const { line, column } = placeOfFailure({ stack: runnable.original?.(stack) ?? stack }) ?? {}
  const message = `The source cannot be loaded: ${String(probed.message)}`
  return { state: 'Deploy Error', message: describeProblem({ message, line, column }) }
}

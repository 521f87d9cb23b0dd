import type { InvocationRecord } from '#faas/records'
import { recordedDetails } from './recorded-details.ts'
import type { InvocationsDeps } from './deps.ts'
import { runDeployed } from './run.ts'

export interface FunctionCall {
  functionId: string
  payload: unknown
  /** The module that asks. */
  source: string
  /** For a call that may be a repetition. Default: a new one. */
  invocationId?: string
}

/** Runs one deployed function. Does not reject when it fails. `undefined` when it is not deployed, or functions are switched off. */
export async function runFunction(
  deps: InvocationsDeps,
  accountId: string,
  { functionId, payload, source, invocationId = deps.ids.uuid() }: FunctionCall,
): Promise<InvocationRecord | undefined> {
  const { functionsEnabled } = await deps.settings.get(accountId)
  const [deployed] = await deps.functions.deployed.find(accountId, { functionId })
  if (!deployed || !functionsEnabled) return undefined
  const input = {
    timestamp: deps.clock.now(),
    headers: [{ key: 'X-Request-ID', value: invocationId }],
    payload,
  }
  const body = Buffer.from(JSON.stringify(input))
  const done = await runDeployed(deps, deployed, {
    body,
    trigger: { invocationId, source },
    byPlatform: true,
  })
  return { ...done.record, ...recordedDetails(deps, done, body) }
}

import type { InvocationRecord } from '#faas/records'
import { recordedDetails } from './recorded-details.ts'
import { type InvocationsRoom, runDeployed } from './run.ts'

export interface FunctionCall {
  functionId: string
  payload: unknown
  /** Who asks. */
  source: string
}

/** Runs one deployed function. Never rejects for what it did; `undefined`: it is not deployed, or switched off. */
export async function runFunction(
  room: InvocationsRoom,
  accountId: string,
  { functionId, payload, source }: FunctionCall,
): Promise<InvocationRecord | undefined> {
  const { functionsEnabled } = await room.accounts.settings(accountId)
  const [deployed] = await room.functions.findDeployed(accountId, { functionId })
  if (!deployed || !functionsEnabled) return undefined
  const invocationId = room.ids.uuid()
  const input = {
    timestamp: room.clock.now(),
    headers: [{ key: 'X-Request-ID', value: invocationId }],
    payload,
  }
  const body = Buffer.from(JSON.stringify(input))
  const done = await runDeployed(room, deployed, { body, trigger: { invocationId, source } })
  return { ...done.record, ...recordedDetails(room, done, body) }
}

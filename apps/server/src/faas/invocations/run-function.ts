import type { InvocationHead } from '#faas/records'
import { keptOf } from './kept.ts'
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
): Promise<InvocationHead | undefined> {
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
  const done = await runDeployed(room, deployed, { body, occasion: { invocationId, source } })
  return { ...done.head, ...keptOf(room, done, body) }
}

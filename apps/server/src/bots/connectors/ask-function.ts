import { uuidOf } from '#base/kernel'
import type { FunctionAnswer } from '#faas/invocations'
import type { ConnectorsDeps } from './deps.ts'

/** Vendors and hooks have half a minute each (`spec/bots.md` 3.6). */
const TIME_LIMIT_MS = 30_000

export interface FunctionAsk {
  accountId: string
  functionId: string
  /** What the function is for: the event that its calls are recorded under. */
  eventId:
    | 'bot_connectors_custom_integration'
    | 'bot_connectors_pre_hook'
    | 'bot_connectors_post_hook'
    | 'bot_connectors_error_hook'
  /** The same however often the call is repeated. */
  callId: string
  conversationId?: string | undefined
  skillId?: string | undefined
  payload: unknown
}

/** Why a function was not run at all. */
export function notDeployed(what: string): string {
  return `${what} is not deployed, or functions are off`
}

/** Runs one function of a bot, whatever event it was made for. `undefined` when it is not deployed, or functions are off. */
export async function askFunction(
  { invocations }: Pick<ConnectorsDeps, 'invocations'>,
  { accountId, functionId, eventId, callId, ...ask }: FunctionAsk,
): Promise<FunctionAnswer | undefined> {
  return await invocations.invokeOne(accountId, functionId, {
    ...ask,
    eventId,
    invocationId: uuidOf(`${eventId}/${callId}`),
    source: 'Bot Connector',
    timeLimitMs: TIME_LIMIT_MS,
  })
}

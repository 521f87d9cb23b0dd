import type { ConversationRun } from '@parley/contract'
import type { Reader } from '#messaging/reading'
import type { HistoryDeps } from './deps.ts'

/** Which functions ran in a conversation that the reader may see, the newest first: no input, no result, no message of an error. */
export async function listRunsOf(
  { reading, records }: HistoryDeps,
  accountId: string,
  reader: Reader,
  conversationId: string,
  limit: number,
): Promise<{ runs: ConversationRun[] }> {
  await reading.getConversation(accountId, reader, conversationId)
  const { invocations } = await records.list(accountId, { conversationId, limit })
  const runs = invocations.toReversed().map(({ recordId, functionName, startedAt, outcome }) => ({
    recordId,
    ...(functionName !== undefined && { functionName }),
    startedAt,
    outcome,
  }))
  return { runs }
}

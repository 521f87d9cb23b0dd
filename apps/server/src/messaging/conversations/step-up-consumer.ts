import type { ConversationState } from '@parley/contract'
import { type Actor, stepUp } from '#messaging/rules'
import { changeConversation } from './change-conversation.ts'
import type { WriteDeps } from './deps.ts'

/**
 * The consumer of an open conversation has authenticated; without one there is nothing to change. One that has stepped up already is
 * resolved with again: the first answer may have been lost.
 */
export async function stepUpConsumer(
  deps: WriteDeps,
  accountId: string,
  from: string,
  { userId: to, clientIp, clientProperties }: Actor,
): Promise<ConversationState | undefined> {
  const record = await deps.reading.findConsumer(accountId, from)
  const conversationId = record?.openConversationId
  if (from === to) return undefined
  if (conversationId === undefined) return await findSteppedUp(deps, accountId, from, to)
  const outcome = await changeConversation(
    deps,
    accountId,
    conversationId,
    (decision) => stepUp(decision, to),
    { clientIp, clientProperties },
  )
  return outcome.status === 'applied' ? outcome.state : undefined
}

async function findSteppedUp(
  { documents, reading }: WriteDeps,
  accountId: string,
  from: string,
  to: string,
): Promise<ConversationState | undefined> {
  const record = await reading.findConsumer(accountId, to)
  const conversationId = record?.openConversationId
  if (conversationId === undefined) return undefined
  const found = await documents.find('conversation', accountId, conversationId)
  return found?.state.formerConsumerIds.includes(from) ? found.state : undefined
}

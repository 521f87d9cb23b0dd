import type { ConversationState } from '@parley/contract'
import { stepUp } from '#messaging/rules'
import { changeConversation } from './change-conversation.ts'
import type { WriteDeps } from './deps.ts'

/** The consumer of an open conversation has authenticated; without one there is nothing to change. */
export async function stepUpConsumer(
  deps: WriteDeps,
  accountId: string,
  from: string,
  to: string,
): Promise<ConversationState | undefined> {
  deps.documents.forget('consumer', accountId, from)
  const record = await deps.documents.find('consumer', accountId, from)
  const conversationId = record?.state.openConversationId
  if (conversationId === undefined || from === to) return undefined
  const outcome = await changeConversation(deps, accountId, conversationId, (decision) =>
    stepUp(decision, to),
  )
  return outcome.status === 'applied' ? outcome.state : undefined
}

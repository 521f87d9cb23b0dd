import type { ChatDeps } from './deps.ts'
import { findChat } from './repository.ts'
import { refuseEnded, refuseUnlessServing } from './serving.ts'
import type { ChatState } from './state.ts'
import { ParleyError } from '#base/kernel'

/** Typing is not stored: streams that are open now are notified. */
export function notifyConsumerTyping(
  { feed }: ChatDeps,
  accountId: string,
  state: ChatState,
  typing: boolean,
): void {
  refuseEnded(state)
  feed.typing(accountId, state.chatId, 'CONSUMER', typing)
}

export async function notifyAgentTyping(
  { feed, store }: ChatDeps,
  accountId: string,
  agentId: string,
  chatId: string,
  typing: boolean,
): Promise<void> {
  const chat = await findChat(store.db, accountId, chatId)
  if (!chat) throw new ParleyError('chat_not_found', `No chat "${chatId}"`)
  refuseUnlessServing(chat.state, agentId)
  feed.typing(accountId, chatId, 'AGENT', typing)
}

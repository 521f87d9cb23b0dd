import type { ChatObserver } from '#chat/live-chat'
import { eraseBotTraces, wakeRow } from '#bots/bot-agents'
import type { Store } from '#base/store'
import { offerRow, typingRow } from './rows.ts'

interface ObserverDeps {
  store: Pick<Store, 'db'>
  contextStore: {
    erase(
      accountId: string,
      gone: { conversationIds: readonly string[]; consumerIds: readonly string[] },
    ): Promise<void>
  }
}

/** Given to live chat when it is opened: bots look at chats that wait, at what they take and at what their consumers write. */
export function chatObserver({ store, contextStore }: ObserverDeps): ChatObserver {
  return {
    changed(state, entries, isFreed) {
      const { chatId, nextSequence, servedByBot, stage } = state
      if (stage === 'waiting') {
        const isNew = entries.length === nextSequence
        const isBack = entries.some(({ type }) => type === 'transferred')
        return isNew || isBack || isFreed ? [offerRow(chatId)] : []
      }
      if (stage === 'ended' || !servedByBot) return []
      const isForBot = entries.some(
        (entry) => entry.type === 'accepted' || (entry.type === 'line' && entry.by === 'CONSUMER'),
      )
      return isForBot ? [wakeRow({ conversationId: chatId, channel: 'chat' })] : []
    },
    typed: ({ chatId, servedByBot }) => (servedByBot ? [typingRow(chatId)] : []),
    async erase(accountId, chatIds) {
      await eraseBotTraces(store.db, accountId, chatIds)
      await contextStore.erase(accountId, { conversationIds: chatIds, consumerIds: [] })
    },
  }
}

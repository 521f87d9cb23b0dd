import type { OutboxConsumer } from '#base/delivery'
import { chatChannel } from './channel.ts'
import type { BotChatDeps } from './deps.ts'
import { offerConsumer } from './offers.ts'
import { ChatFacts, TYPING } from './rows.ts'
import { silenceTimer } from './silence.ts'
import { followUsers } from './waiting.ts'

/** Lets bots serve live chats. Open it before `delivery.start()`. */
export function openBotChat(deps: BotChatDeps): void {
  deps.botAgents.connect(chatChannel(deps))
  deps.delivery.consume(offerConsumer(deps))
  deps.delivery.consume(typingConsumer(deps))
  followUsers(deps)
  deps.delivery.onTimer(silenceTimer(deps))
}

function typingConsumer({ botAgents, chat, delivery }: BotChatDeps): OutboxConsumer<ChatFacts> {
  return {
    name: TYPING,
    workers: 'platform',
    facts: ChatFacts,
    async handle(row) {
      const { accountId, facts } = row
      const state = await chat.served.find(accountId, facts.chatId)
      const userId = state?.servedByBot ? state.agent?.agentId : undefined
      if (userId !== undefined && state?.unansweredSince !== undefined) {
        const of = { conversationId: facts.chatId, channel: 'chat' as const }
        await botAgents.noteTyping(accountId, userId, of)
      }
      await delivery.end(row)
    },
  }
}

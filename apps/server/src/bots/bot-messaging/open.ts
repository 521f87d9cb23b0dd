import { messageOf } from '#base/kernel'
import { TURNS } from '#bots/bot-agents'
import type { ChangeObserver } from '#messaging/conversations'
import type { ChatState } from '#messaging/reading'
import { mainDialog } from '#messaging/rules'
import { messagingChannel } from './channel.ts'
import type { BotMessagingDeps } from './deps.ts'

/** Given to conversations when they are opened: bots look at what they take and at what their consumers write. */
export function botObserver(): ChangeObserver {
  return {
    consumer: TURNS,
    takesChanges: false,
    wants({ change, conversation }) {
      if (!conversation.servedByBot) return false
      if (change.kind === 'assigned') return true
      return (
        change.kind === 'message' &&
        change.role === 'CONSUMER' &&
        change.dialogId === mainDialog(conversation).dialogId
      )
    },
  }
}

/** Lets bots serve messaging conversations. Open it before `delivery.start()`. */
export function openBotMessaging(deps: BotMessagingDeps): Disposable {
  deps.botAgents.connect(messagingChannel(deps))
  return deps.reading.updates.subscribe({
    chatStateChanged(chatState) {
      noteTyping(deps, chatState).catch((err: unknown) => {
        deps.logger.warn({ err }, `Typing not noted: ${messageOf(err)}`)
      })
    },
  })
}

async function noteTyping(
  { botAgents, reading }: BotMessagingDeps,
  { accountId, conversationId, originator, event }: ChatState,
): Promise<void> {
  if (originator.role !== 'CONSUMER' || event.chatState !== 'COMPOSING') return
  const state = reading.documents.peek(accountId, conversationId)?.state
  if (!state?.servedByBot || state.unansweredSince === undefined) return
  const userId = state.assignedAgentId
  if (userId === undefined) return
  await botAgents.noteTyping(accountId, userId, { conversationId, channel: 'messaging' })
}

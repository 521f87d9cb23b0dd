import type { ConversationState } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { unlessGone } from '#base/kit'
import type { BotAgent, BotChannel, BotConversation, Mishap } from '#bots/bot-agents'
import { mainDialog } from '#messaging/rules'
import { botDecision, leave } from './decision.ts'
import type { BotMessagingDeps } from './deps.ts'
import { listHeld } from './list-held.ts'
import { readLastMessage, readMessages } from './read-messages.ts'

const ERRORS = {
  say: 'connector.messaging.send-message',
  leave: 'connector.messaging.transfer-to-skill',
  close: 'connector.messaging.end-conversation',
  ttr: 'connector.messaging.change-ttr',
  closed: 'connector.messaging.conversation-closed',
  taken: 'connector.messaging.agent-not-authorized',
} as const satisfies Record<Mishap, string>

/** Bots in messaging: agents without sockets, whom routing gives conversations at once. */
export function messagingChannel(deps: BotMessagingDeps): BotChannel {
  const { conversations, reading, routing, store } = deps
  return {
    name: 'messaging',
    async find(accountId, conversationId) {
      // Another node may have written what is looked for.
      if (!store.isExclusive) reading.documents.forget('conversation', accountId, conversationId)
      const found = await reading.documents.find('conversation', accountId, conversationId)
      const userId = found?.state.servedByBot ? found.state.assignedAgentId : undefined
      return found && userId !== undefined ? conversationOf(found.state, userId) : undefined
    },
    read: (accountId, bot, conversation, range) =>
      readMessages(deps, accountId, bot, conversation, range),
    readLast: (accountId, bot, conversation) => readLastMessage(deps, accountId, bot, conversation),
    async count(accountId, userId) {
      return (await routing.readSlots(accountId, userId)).length
    },
    countAll: (accountId) => routing.countHosted(accountId),
    listHeld: (accountId, userId, reader, page) =>
      listHeld(store.db, accountId, userId, reader, page),
    setTaking: (accountId, userId, takes) =>
      routing.setHostedBot(accountId, userId, takes ? 'ONLINE' : 'OFFLINE'),
    async leaveAll(accountId, user) {
      for (const conversationId of await routing.readSlots(accountId, user.userId)) {
        const changed = conversations.changeConversation(accountId, conversationId, (decision) => {
          if (decision.state.assignedAgentId !== user.userId) return
          leave(decision, user, { suggestedUntil: decision.at })
        })
        await unlessGone(changed)
      }
    },
    verify: (says) => says,
    // Conversations wait until somebody is there.
    reach: (_accountId, _bot, _conversation, target) => Promise.resolve(target),
    errorOf(mishap, { action, messages }) {
      // What is closed already cannot be closed by the bot: that has a name of its own.
      const onlyCloses = action?.type === 'close' && messages === 0
      return ERRORS[mishap === 'closed' && onlyCloses ? 'close' : mishap]
    },
    async change(accountId, bot, conversation, decide, { completesRow, invocations, more }) {
      const { messaging } = await deps.settings.get(accountId)
      await conversations.changeConversation(
        accountId,
        conversation.conversationId,
        (decision) => decide(botDecision(deps, accountId, messaging, bot, conversation, decision)),
        { completesRow, invocations: () => [...invocations], extra: more },
      )
    },
    showTyping: (accountId, bot, conversationId) =>
      showTyping(deps, accountId, bot, conversationId),
  }
}

function conversationOf(state: ConversationState, userId: string): BotConversation {
  const { assignedAt, campaignInfo, consumerId, context, conversationId, moves, skillId } = state
  const taken = moves.filter(({ kind, role }) => kind === 'joined' && role === 'ASSIGNED_AGENT')
  return {
    channel: 'messaging',
    conversationId,
    consumerId,
    skillId,
    previousSkillId: moves.findLast(({ kind }) => kind === 'skill')?.from || undefined,
    userId,
    since: assignedAt ?? 0,
    takers: taken.flatMap((move) => move.userId ?? []),
    unansweredSince: state.unansweredSince,
    nextSequence: mainDialog(state).nextSequence,
    context,
    campaignInfo,
    raw: { conversationId, dialogId: conversationId },
  }
}

async function showTyping(
  { conversations }: Pick<BotMessagingDeps, 'conversations'>,
  accountId: string,
  { userId, pid }: BotAgent,
  conversationId: string,
): Promise<void> {
  const composing = { conversationId, dialogId: conversationId, chatState: 'COMPOSING' }
  try {
    await conversations.publishChatState(accountId, { kind: 'bot', userId, pid }, composing)
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
  }
}

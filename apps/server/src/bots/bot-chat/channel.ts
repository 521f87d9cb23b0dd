import { NO_SKILL } from '@parley/contract'
import { unlessGone } from '#base/kit'
import type {
  BotAgent,
  BotChannel,
  BotConversation,
  HeardMessage,
  Mishap,
  Target,
} from '#bots/bot-agents'
import { type ChatState, putBack } from '#chat/live-chat'
import { firstOf, freeAgents, usersOfSkill } from './availability.ts'
import { chatDecision } from './decision.ts'
import type { BotChatDeps } from './deps.ts'
import { silenceAfter } from './silence.ts'
import { offerWaiting } from './waiting.ts'

const ERRORS = {
  say: 'connector.chat.send-message',
  leave: 'connector.chat.transfer-to-skill',
  close: 'connector.chat.end-conversation',
} as const

/** Bots in live chat: they take the chats of their skills as soon as they wait. */
export function chatChannel(deps: BotChatDeps): BotChannel {
  const { accounts } = deps
  const { served } = deps.chat

  async function readLines(
    accountId: string,
    { conversationId, raw }: BotConversation,
    from: number,
  ): Promise<HeardMessage[]> {
    const entries = await served.list(accountId, conversationId, from)
    return entries.flatMap((entry): HeardMessage[] => {
      if (entry.type !== 'line' || entry.by !== 'CONSUMER') return []
      const { at, name, sequence, text } = entry
      const line = { ...raw, '@id': String(sequence), '@type': 'line', time: at, by: name, text }
      const kind = { textType: 'plain', source: 'visitor', subType: 'REGULAR' }
      return [{ sequence, at: Date.parse(at), text, raw: { ...line, ...kind } }]
    })
  }

  return {
    name: 'chat',
    async find(accountId, chatId) {
      const state = await served.find(accountId, chatId)
      return state?.stage === 'active' && state.agent
        ? conversationOf(state, state.agent.agentId)
        : undefined
    },
    async read(accountId, _bot, conversation, { from, notBefore }) {
      const lines = await readLines(accountId, conversation, from)
      return lines.filter(({ at }) => at >= notBefore)
    },
    async readLast(accountId, _bot, conversation) {
      return (await readLines(accountId, conversation, 0)).at(-1)
    },
    count: served.count,
    countAll: served.countAll,
    async listHeld(accountId, userId, reader, page) {
      const states = await served.listSeen(accountId, userId, reader, page)
      return states.map(({ acceptedAt = 0, chatId, skillId }) => ({
        conversationId: chatId,
        skillId,
        since: acceptedAt,
      }))
    },
    async setTaking(accountId, userId, takes) {
      if (takes) await offerWaiting(deps, accountId, [userId])
    },
    async leaveAll(accountId, { userId }) {
      for (const chatId of await served.listOf(accountId, userId)) {
        const changed = served.change(accountId, chatId, (draft) => {
          const { agent, stage } = draft.state
          if (stage === 'active' && agent?.agentId === userId) putBack(draft, agent.name, {})
        })
        await unlessGone(changed)
      }
    },
    verify(says) {
      const { action, messages } = says
      const hasReplies = messages.some(
        (one) => one.type === 'content' && one.event['quickReplies'] !== undefined,
      )
      if (hasReplies) return { error: 'pipes.verify-ai-response.quick-replies-not-supported' }
      // A live chat has no time to respond.
      if (action?.type !== 'ttr') return says
      if (messages.length > 0) return { ...says, action: undefined }
      const error = 'pipes.verify-ai-response.no-messages-and-not-supported-action'
      return { error, reason: 'A live chat has no time to respond' }
    },
    reach: (accountId, bot, conversation, target) =>
      reach(deps, accountId, bot, conversation, target),
    errorOf: (mishap, { action, messages }) => errorOf(mishap, messages, action?.type),
    async change(accountId, bot, conversation, decide, { completesRow, invocations, more }) {
      const skills = await accounts.skills.list(accountId)
      const { conversationId } = conversation
      let isServed = false
      let at = 0
      await served.change(
        accountId,
        conversationId,
        async (draft) => {
          await decide(chatDecision(deps, accountId, skills, bot, conversation, draft))
          isServed = draft.state.agent?.agentId === bot.userId && draft.state.stage === 'active'
          at = draft.at
        },
        {
          completesRow,
          invocations,
          extra() {
            const also = more()
            // After a pause the bot speaks again.
            const speaksAt = Math.max(at, ...also.arm.map(({ dueAt }) => dueAt))
            const silence = isServed ? silenceAfter(bot, conversationId, speaksAt) : []
            return { ...also, arm: [...also.arm, ...silence] }
          },
        },
      )
    },
    showTyping(accountId, _bot, chatId) {
      served.showTyping(accountId, chatId)
      return Promise.resolve()
    },
  }
}

/** Chats are given to who is there only (`spec/bots.md` 3.6). An agent who is not is passed over for another one of the skill. */
async function reach(
  deps: BotChatDeps,
  accountId: string,
  bot: BotAgent,
  conversation: BotConversation,
  { agent, skillId: named }: Target,
): Promise<Target | undefined> {
  const isFree = async (userIds: readonly string[]) =>
    (await firstOf(freeAgents(deps, accountId, userIds))) !== undefined
  const skillId = named === NO_SKILL ? conversation.skillId : named
  const isMeant = agent && agent.userId !== bot.userId && (await isFree([agent.userId]))
  if (isMeant) return { agent, skillId }
  if (skillId === undefined) return undefined
  const ids = await usersOfSkill(deps, accountId, skillId, bot.userId)
  return (await isFree(ids)) ? { skillId } : undefined
}

/** What comes too late is called after what it was to do. */
function errorOf(mishap: Mishap, messages: number, action: string | undefined) {
  if (mishap === 'say' || mishap === 'leave' || mishap === 'close') return ERRORS[mishap]
  if (messages === 0 && action === 'close') return ERRORS.close
  return messages === 0 && action === 'transfer' ? ERRORS.leave : ERRORS.say
}

function conversationOf(state: ChatState, userId: string): BotConversation {
  const { acceptedAt = 0, agent, campaignInfo, chatId, context, skillId, skillName } = state
  return {
    channel: 'chat',
    conversationId: chatId,
    skillId,
    userId,
    since: acceptedAt,
    takers: state.givenBy === undefined ? [userId] : [state.givenBy, userId],
    unansweredSince: state.unansweredSince,
    nextSequence: state.nextSequence,
    context,
    campaignInfo,
    raw: {
      chatSessionKey: chatId,
      state: 'chatting',
      skillId,
      skillName,
      agentId: userId,
      ...(agent && { agentName: agent.name }),
      startTime: new Date(state.startedAt).toISOString(),
    },
  }
}

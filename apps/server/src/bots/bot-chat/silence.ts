import type { TimerKind } from '#base/delivery'
import type { BotAgent } from '#bots/bot-agents'
import { addMessage, type ChatDraft } from '#chat/live-chat'
import type { TimerArm } from '#base/store'
import type { BotChatDeps } from './deps.ts'
import { ChatFacts } from './rows.ts'

/** The timer of a consumer who is silent after a bot; its key is the chat. Each answer of the bot moves it. */
const SILENCE = 'bot-chat-silence'

/** A bot has spoken, or goes on at that time: after a while it warns (`spec/bots.md` 3.1). */
export function silenceAfter({ settings: { silence } }: BotAgent, chatId: string, at: number) {
  return silence ? [timerAt(chatId, at + silence.warnAfterMs)] : []
}

function timerAt(chatId: string, dueAt: number): TimerArm {
  return { kind: SILENCE, key: chatId, dueAt, facts: { chatId } }
}

/** Warns a silent consumer, then ends the chat. Every line in between begins it anew. */
export function silenceTimer(deps: BotChatDeps): TimerKind<ChatFacts> {
  return {
    kind: SILENCE,
    workers: 'platform',
    facts: ChatFacts,
    exhausted: 'dead letter',
    async fire({ accountId, kind, key, generation, facts: { chatId } }) {
      const completesTimer = { kind, key, generation }
      const { served } = deps.chat
      const agentId = (await served.find(accountId, chatId))?.agent?.agentId
      const bot =
        agentId === undefined
          ? undefined
          : await deps.botAgents.directory.find(accountId, { userId: agentId })
      if (!bot) {
        await deps.delivery.commit({ accountId, documents: [], completesTimer })
        return
      }
      let arm: TimerArm[] = []
      await served.change(
        accountId,
        chatId,
        async (draft) => {
          arm = []
          const dueAt = warnOrWait(draft, bot)
          if (dueAt === 'end') await served.end(accountId, draft, 'AGENT', 'silence')
          else if (dueAt !== undefined) arm = [timerAt(chatId, dueAt)]
        },
        { completesTimer, extra: () => ({ arm }) },
      )
    },
  }
}

/** When to look again; `undefined` where the bot, not the consumer, is expected to write. */
function warnOrWait(draft: ChatDraft, bot: BotAgent): number | 'end' | undefined {
  const { at, state } = draft
  const { silence } = bot.settings
  const { acceptedAt = 0, agent, lastLineAt = 0, stage, unansweredSince, warnedAt } = state
  const isServed = stage === 'active' && agent?.agentId === bot.userId
  if (!silence || !isServed || unansweredSince !== undefined) return undefined
  const dueAt =
    warnedAt === undefined
      ? Math.max(acceptedAt, lastLineAt) + silence.warnAfterMs
      : warnedAt + silence.closeAfterMs
  if (dueAt > at) return dueAt
  if (warnedAt !== undefined) return 'end'
  addMessage(draft, { by: 'AGENT', name: agent.name, text: silence.warning })
  state.warnedAt = at
  return at + silence.closeAfterMs
}

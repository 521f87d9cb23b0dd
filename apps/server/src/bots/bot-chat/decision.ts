import { firstFlaw } from '#base/input'
import { invalid, ParleyError } from '#base/kernel'
import { type Skill, writeAgentLine } from '@parley/contract'
import type { BotAgent, BotContent, BotConversation, BotDecision } from '#bots/bot-agents'
import { addMessage, addNote, type ChatDraft, putBack } from '#chat/live-chat'
import type { BotChatDeps } from './deps.ts'

const Text = writeAgentLine.body.shape.text

/** What a bot does in a decision about its chat. */
export function chatDecision(
  { chat }: Pick<BotChatDeps, 'chat'>,
  accountId: string,
  skills: readonly Skill[],
  bot: BotAgent,
  { since }: BotConversation,
  draft: ChatDraft,
): BotDecision {
  const { at, state } = draft
  return {
    at,
    lost: lostBecause(draft, bot.userId, since),
    say(message) {
      say(draft, bot.name, message)
      return undefined
    },
    leave(to) {
      // In live chat somebody must be there: without anybody the chat stays with the bot.
      if (!to) return
      const skill = skills.find(({ skillId }) => skillId === to.skillId)
      const agent = to.agent && { agentId: to.agent.userId, name: to.agent.name }
      putBack(draft, bot.name, { skill, offer: agent && { agent, forMs: to.suggestMs } })
    },
    async close(withoutSurvey) {
      await chat.served.end(accountId, draft, 'AGENT', 'closed')
      if (withoutSurvey) delete state.survey
    },
    changeTtr() {
      throw new ParleyError('invalid_request', 'A live chat has no time to respond')
    },
  }
}

function lostBecause(
  { state: { stage, agent, acceptedAt } }: ChatDraft,
  userId: string,
  since: number,
): BotDecision['lost'] {
  if (stage === 'ended') return 'closed'
  return agent?.agentId === userId && acceptedAt === since ? undefined : 'taken'
}

/** Live chat has texts only. A private one is a note for agents. */
function say(draft: ChatDraft, name: string, { audience, event }: BotContent): void {
  if (event.type !== 'ContentEvent' || event['quickReplies'] !== undefined) {
    throw invalid('message', 'must be a text in a live chat')
  }
  const text = Text.safeParse(event['message'])
  if (!text.success) throw new ParleyError('invalid_request', firstFlaw(text.error, 'message'))
  if (audience === 'ALL') addMessage(draft, { by: 'AGENT', name, text: text.data })
  else addNote(draft, { name, text: text.data })
}

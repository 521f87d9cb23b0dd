import { type BotIntent, type BotMessage, formerSkillId, NO_SKILL } from '@parley/contract'
import type { BotAgent } from './bot-kind.ts'
import type { BotChannel, BotDecision, Target } from './channel.ts'
import type { BotConversation } from './conversation.ts'
import type { BotAgentsDeps } from './deps.ts'
import type { Failure } from './errors.ts'
import { NOBODY } from './perform.ts'
import { botResponse, sayUntilPause } from './say.ts'

/** Gives a conversation away; answers the error that this may be, too. */
export type Escalate = (
  decision: BotDecision,
  intents: readonly BotIntent[] | undefined,
) => Promise<Failure | undefined>

/**
 * Gives the conversation to the bot's default skill: a message to the customer, a private one to the agent who takes over, then the
 * transfer. Where nobody can take it over the customer is told, and the conversation stays where its channel leaves it.
 */
export async function prepareEscalation(
  { accounts }: Pick<BotAgentsDeps, 'accounts'>,
  accountId: string,
  channel: BotChannel,
  bot: BotAgent,
  conversation: BotConversation,
): Promise<Escalate> {
  const { skillId, messageToCustomer, messageToAgent, transferFailureMessage } =
    bot.settings.escalation
  const exists = skillId === NO_SKILL || !!(await accounts.skills.find(accountId, skillId))
  const target: Target | undefined = exists
    ? await channel.reach(accountId, bot, conversation, { skillId })
    : undefined
  return async (decision, intents) => {
    const metadata = botResponse(intents)
    sayUntilPause(decision, [
      ...textOf(messageToCustomer),
      ...textOf(messageToAgent, { audience: 'AGENTS_AND_MANAGERS', metadata }),
      ...(target ? [] : textOf(transferFailureMessage)),
    ])
    await decision.leave(target && { ...target, suggestMs: 0 })
    if (target) return undefined
    const reason = exists
      ? NOBODY
      : `No skill "${formerSkillId(skillId) ?? skillId}" to hand over to`
    return { error: channel.errorOf('leave', { messages: 0 }), reason }
  }
}

function textOf(
  message: string,
  more: { audience?: 'AGENTS_AND_MANAGERS'; metadata?: object[] } = {},
): BotMessage[] {
  if (message === '') return []
  const event = { type: 'ContentEvent', contentType: 'text/plain', message }
  const { audience = 'ALL', metadata } = more
  return [{ type: 'content', event, audience, ...(metadata && { metadata }) }]
}

import type { BotIntent, BotMessage, BotErrorSuffix } from '@parley/contract'
import type { Decision } from '#messaging/rules'
import type { BotAgent } from './bot-kind.ts'
import { transfer } from './perform.ts'
import { botResponse, sayUntilPause } from './say.ts'

/**
 * Gives the conversation to the bot's default skill: a message to the customer, a private one to the agent who takes over, then the
 * transfer. Where the skill is gone the customer is told, and the conversation waits in the skill that it has.
 */
export function escalate(
  decision: Decision,
  bot: BotAgent,
  { skillExists, intents }: { skillExists: boolean; intents?: readonly BotIntent[] | undefined },
): BotErrorSuffix | undefined {
  const { skillId, messageToCustomer, messageToAgent, transferFailureMessage } =
    bot.settings.escalation
  const said = [
    ...textOf(messageToCustomer),
    ...textOf(messageToAgent, { audience: 'AGENTS_AND_MANAGERS', metadata: botResponse(intents) }),
    ...(skillExists ? [] : textOf(transferFailureMessage)),
  ]
  sayUntilPause(decision, bot, said, { imageHosts: null })
  transfer(decision, bot, {
    suggestedUntil: decision.at,
    ...(skillExists && { skillId }),
  })
  return skillExists ? undefined : 'connector.messaging.transfer-to-skill'
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

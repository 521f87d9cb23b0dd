import {
  type BotAction,
  type BotErrorSuffix,
  type ConversationState,
  TtrType,
} from '@parley/contract'
import { z } from 'zod'
import type { Accounts } from '#identity/accounts'
import {
  type Actor,
  changeParticipants,
  changeSkill,
  changeTtr,
  closeConversation,
  closeDialog,
  type Decision,
  mainDialog,
  suggestAgent,
  type Survey,
  ttrOf,
} from '#messaging/rules'
import type { BotAgent } from './bot-kind.ts'
import type { BotAgentsDeps } from './deps.ts'

/** What an action does in the decision; async because a survey may follow a close. */
export type Perform = (decision: Decision) => void | Promise<void>

/** An action with what it names, or the error that it is. */
export type PreparedAction =
  | { perform: Perform; error: BotErrorSuffix }
  | { refused: BotErrorSuffix }

/** The value in seconds, as a number or as text. */
const TtrAsked = z.object({
  ttrType: TtrType,
  value: z.coerce.number().int().positive().max(31_536_000).optional(),
})

type ConversationAction = Exclude<BotAction, { type: 'invoke' | 'escalate' }>

/** Looks up what an action names outside of the conversation. `error` is what its failure in the decision is called. */
export async function prepareAction(
  deps: Pick<BotAgentsDeps, 'accounts' | 'settings' | 'clock' | 'conversations'>,
  accountId: string,
  bot: BotAgent,
  action: ConversationAction,
): Promise<PreparedAction> {
  const actor = actorOf(bot)
  const { messaging } = await deps.settings.get(accountId)
  switch (action.type) {
    case 'transfer': {
      const target = await findTarget(deps.accounts, accountId, action)
      if (!target) return { refused: 'pipes.chat-handle-bot-action.transfer-skill-not-existing' }
      const suggestedUntil = deps.clock.now() + messaging.suggestionMs
      return {
        error: 'connector.messaging.transfer-to-skill',
        perform: (decision) => transfer(decision, bot, { ...target, suggestedUntil }),
      }
    }
    case 'close': {
      const survey = (state: ConversationState) =>
        deps.conversations.surveyOf(accountId, state, 'participant')
      return {
        error: 'connector.messaging.end-conversation',
        perform: (decision) => close(decision, actor, action.withoutSurvey ? undefined : survey),
      }
    }
    case 'ttr': {
      const error = 'connector.messaging.change-ttr'
      const asked = TtrAsked.safeParse(action)
      if (!asked.success) return { refused: error }
      const ttr = asked.data
      return { error, perform: (decision) => changeTtr(decision, actor, ttrOf(messaging.ttr, ttr)) }
    }
  }
}

/** The bot leaves: it is asked last when the conversation is routed anew. */
export function transfer(
  decision: Decision,
  bot: Pick<BotAgent, 'userId' | 'pid'>,
  to: {
    skillId?: string | undefined
    agent?: { userId: string; pid: string } | undefined
    suggestedUntil: number
  },
): void {
  const actor = actorOf(bot)
  const { suggestedUntil } = to
  if (to.skillId !== undefined) changeSkill(decision, actor, to.skillId)
  const agent = { userId: bot.userId, pid: bot.pid }
  const role = 'ASSIGNED_AGENT'
  changeParticipants(decision, actor, { type: 'REMOVE', role, agent, suggestedUntil })
  if (to.agent) suggestAgent(decision, actor, { role, agent: to.agent, suggestedUntil })
}

/** A bot goes on with what it has begun in the same commit, after it has left the conversation. */
export function actorOf({ userId, pid }: Pick<BotAgent, 'userId' | 'pid'>): Actor {
  return { kind: 'bot', userId, pid, supervises: true, role: 'ASSIGNED_AGENT' }
}

async function close(
  decision: Decision,
  actor: Actor,
  surveyOf: ((state: ConversationState) => Promise<Survey | undefined>) | undefined,
): Promise<void> {
  if (!surveyOf) return closeConversation(decision, actor)
  const survey = await surveyOf(decision.state)
  closeDialog(decision, actor, mainDialog(decision.state).dialogId, { survey })
}

/** Skills by their exact name. An agent that is not there is passed over for another one of the skill. */
async function findTarget(
  accounts: Pick<Accounts, 'skills' | 'users'>,
  accountId: string,
  { skillName, agentId }: Extract<BotAction, { type: 'transfer' }>,
): Promise<{ skillId?: string; agent?: { userId: string; pid: string } } | undefined> {
  const skills = skillName === undefined ? [] : await accounts.skills.list(accountId)
  const skill = skills.find(({ name }) => name === skillName)
  if (skillName !== undefined && !skill) return undefined
  const user = agentId === undefined ? undefined : await accounts.users.find(accountId, agentId)
  if (!skill && !user?.enabled) return undefined
  return {
    ...(skill && { skillId: skill.skillId }),
    ...(user?.enabled && { agent: { userId: user.userId, pid: user.pid } }),
  }
}

import type { BotAction, BotErrorSuffix } from '@parley/contract'
import type { Accounts } from '#identity/accounts'
import type { BotDecision, Target } from './channel.ts'
import type { BotAgentsDeps } from './deps.ts'
import type { Failure } from './errors.ts'
import type { Served } from './next-step.ts'

/** An action with what it names, or the error that it is. */
export type PreparedAction =
  | {
      /** Async because a survey may follow a close, and a skill has hours of its own. */
      perform(decision: BotDecision): void | Promise<void>
      /** What its failure in the decision is called. */
      error: BotErrorSuffix
    }
  | { refused: Failure }

/** Why somebody who is there on paper cannot be reached. */
export const NOBODY = 'Nobody is there who can take it now'

type ConversationAction = Exclude<BotAction, { type: 'invoke' | 'escalate' }>

/** The same with the id of the skill that has exactly this name now. */
export async function withSkillId(
  { accounts }: Pick<BotAgentsDeps, 'accounts'>,
  accountId: string,
  action: BotAction | undefined,
): Promise<BotAction | undefined> {
  if (action?.type !== 'transfer' || action.skillId !== undefined) return action
  const skills = await accounts.skills.list(accountId)
  const skill = skills.find(({ name }) => name === action.skillName)
  return skill ? { ...action, skillId: skill.skillId } : action
}

/** Looks up what an action names outside of the conversation. */
export async function prepareAction(
  deps: Pick<BotAgentsDeps, 'accounts' | 'settings'>,
  accountId: string,
  { bot, channel, conversation }: Pick<Served, 'bot' | 'channel' | 'conversation'>,
  action: ConversationAction,
): Promise<PreparedAction> {
  const wanted = { messages: 0, action }
  switch (action.type) {
    case 'transfer': {
      const error = channel.errorOf('leave', wanted)
      const named = await findTarget(deps.accounts, accountId, action)
      if ('missing' in named) {
        const none = 'pipes.chat-handle-bot-action.transfer-skill-not-existing'
        return { refused: { error: none, reason: named.missing } }
      }
      const target = await channel.reach(accountId, bot, conversation, named)
      if (!target) return { refused: { error, reason: NOBODY } }
      const suggestMs = (await deps.settings.get(accountId)).messaging.suggestionMs
      return { error, perform: (decision) => decision.leave({ ...target, suggestMs }) }
    }
    case 'close': {
      const error = channel.errorOf('close', wanted)
      return { error, perform: (decision) => decision.close(action.withoutSurvey) }
    }
    case 'ttr': {
      const error = channel.errorOf('ttr', wanted)
      return { error, perform: (decision) => decision.changeTtr(action) }
    }
  }
}

/** An agent that is not there is passed over for another one of the skill. */
async function findTarget(
  accounts: Pick<Accounts, 'skills' | 'users'>,
  accountId: string,
  { skillId, skillName, agentId }: Extract<BotAction, { type: 'transfer' }>,
): Promise<Target | { missing: string }> {
  const isThere = skillId !== undefined && (await accounts.skills.find(accountId, skillId))
  const skill = isThere ? { skillId } : undefined
  if (skillName !== undefined && !skill) return { missing: `No skill has the name "${skillName}"` }
  const user =
    agentId === undefined ? undefined : await accounts.users.findAgent(accountId, agentId)
  if (!skill && !user) {
    return { missing: agentId === undefined ? 'It names no skill' : `No agent "${agentId}"` }
  }
  return {
    ...skill,
    ...(user && {
      agent: { userId: user.userId, pid: user.pid, name: user.fullName },
    }),
  }
}

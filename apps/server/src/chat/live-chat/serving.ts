import type { ChatAgent, Skill, User } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Principal } from '#base/http'
import type { ChatDeps } from './deps.ts'
import type { ChatState } from './state.ts'

/** The agent of a chat, who alone writes in it and gives it away. */
export function refuseUnlessServing(state: ChatState, agentId: string): ChatAgent {
  if (state.stage === 'active' && state.agent?.agentId === agentId) return state.agent
  throw new ParleyError('not_participant', 'Only the agent who serves the chat may do this')
}

/** Chats are served by people and bots of the account, not by applications. */
export function agentIdOf({ kind, id }: Principal): string {
  if (kind === 'user') return id
  throw new ParleyError('forbidden', 'Only a user of the account can serve chats')
}

export async function getAgent(
  { accounts }: Pick<ChatDeps, 'accounts'>,
  accountId: string,
  agentId: string,
): Promise<User> {
  const user = await accounts.users.find(accountId, agentId)
  if (user?.enabled) return user
  throw new ParleyError('invalid_request', `There is no agent "${agentId}"`)
}

/** Functions and rules know agents by their first name and surname. */
export function asChatAgent({ userId, fullName }: User): ChatAgent {
  return { agentId: userId, name: fullName }
}

export async function getChatSkill(
  { accounts }: Pick<ChatDeps, 'accounts'>,
  accountId: string,
  skillId: string,
): Promise<Skill> {
  const skill = await accounts.skills.find(accountId, skillId)
  if (skill) return skill
  throw new ParleyError('invalid_request', `body.skillId: there is no skill "${skillId}"`)
}

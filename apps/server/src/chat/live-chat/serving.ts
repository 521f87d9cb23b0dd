import type { ChatAgent, User } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Principal } from '#base/http'
import type { ChatDeps } from './deps.ts'
import type { ChatState } from './state.ts'

/** The agent who serves a chat. Only this agent transfers it. */
export function refuseUnlessServing(state: ChatState, agentId: string): ChatAgent {
  if (state.stage === 'active' && state.agent?.agentId === agentId) return state.agent
  throw new ParleyError('not_participant', 'Only the agent who serves the chat may do this')
}

/** Who writes for the agents of a chat: who serves it, or a manager who has joined it and is one still. */
export function refuseUnlessWriting(
  state: ChatState,
  principal: Principal,
): { name: string; isManager: boolean } {
  const userId = agentIdOf(principal)
  const manager = state.managers.find(({ agentId }) => agentId === userId)
  if (manager && state.stage !== 'ended' && principal.permissions.has('conversation:manage')) {
    return { name: manager.name, isManager: true }
  }
  return { name: refuseUnlessServing(state, userId).name, isManager: false }
}

export function isManagerIn({ managers }: ChatState, userId: string | undefined): boolean {
  return managers.some(({ agentId }) => agentId === userId)
}

/** Users serve chats, applications do not. */
export function agentIdOf({ kind, id }: Principal): string {
  if (kind === 'user') return id
  throw new ParleyError('forbidden', 'Only a user of the account can serve chats')
}

export async function getAgent(
  { accounts }: Pick<ChatDeps, 'accounts'>,
  accountId: string,
  agentId: string,
): Promise<User> {
  const user = await accounts.users.findAgent(accountId, agentId)
  if (user) return user
  throw noAgent(agentId)
}

export function noAgent(agentId: string): ParleyError {
  return new ParleyError('invalid_request', `No agent "${agentId}"`)
}

/** Functions and rules get the full name of an agent. */
export function asChatAgent({ userId, fullName }: User): ChatAgent {
  return { agentId: userId, name: fullName }
}

export function refuseEnded({ stage }: ChatState): void {
  if (stage === 'ended') {
    throw new ParleyError('chat_ended', 'The chat is ended: start another one')
  }
}

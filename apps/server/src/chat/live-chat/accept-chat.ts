import { ParleyError } from '#base/kernel'
import type { ChatAgent } from '@parley/contract'
import { type ChatDraft, changeChat } from './change-chat.ts'
import type { ChatDeps } from './deps.ts'
import { hasSkill } from '#messaging/rules'
import { asChatAgent, getAgent, noAgent } from './serving.ts'
import type { ChatState } from './state.ts'
import { release } from './transfer-chat.ts'

/** When several agents accept at the same time, one of them gets the chat. Who has got it gets the same answer again. */
export async function acceptChat(
  deps: ChatDeps,
  accountId: string,
  agentId: string,
  chatId: string,
): Promise<ChatState> {
  const user = await getAgent(deps, accountId, agentId)
  const { state } = await changeChat(deps, accountId, chatId, (draft) => {
    const chat = draft.state
    // The answer may have been lost.
    if (chat.stage === 'active' && chat.agent?.agentId === agentId) return
    refuseUnlessWaiting(chat)
    if (chat.offeredTo && chat.offeredTo.agentId !== agentId) {
      throw new ParleyError(
        'forbidden',
        `The chat is offered to ${chat.offeredTo.name}: only this agent may accept it`,
      )
    }
    if (!chat.offeredTo && !hasSkill(user, chat.skillId)) {
      throw new ParleyError('forbidden', `The agent must have the skill "${chat.skillName}"`)
    }
    accept(draft, asChatAgent(user), 'person')
  })
  // What follows the end of an agent may have looked for its chats before this commit.
  if (await deps.accounts.users.isAgentNow(accountId, agentId)) return state
  await release(deps, accountId, chatId, agentId)
  throw noAgent(agentId)
}

/** From now on this agent, or bot, serves the chat. */
export function accept(draft: ChatDraft, agent: ChatAgent, kind: 'person' | 'bot'): void {
  const chat = draft.state
  chat.stage = 'active'
  chat.agent = agent
  chat.agents = [...chat.agents.filter(({ agentId }) => agentId !== agent.agentId), agent]
  // Who has joined before serves it now.
  chat.managers = chat.managers.filter(({ agentId }) => agentId !== agent.agentId)
  chat.acceptedAt = draft.at
  if (kind === 'bot') chat.servedByBot = true
  delete chat.offeredTo
  delete chat.waitingSince
  draft.add({ type: 'accepted', name: agent.name })
}

function refuseUnlessWaiting({ stage, agent }: ChatState): void {
  switch (stage) {
    case 'waiting':
      return
    case 'active':
      throw new ParleyError('chat_not_waiting', `The chat is active: ${agent?.name} serves it`)
    case 'ended':
      throw new ParleyError('chat_not_waiting', 'The chat is ended: it cannot be accepted')
  }
}

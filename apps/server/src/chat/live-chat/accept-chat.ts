import { ParleyError } from '#base/kernel'
import { changeChat } from './change-chat.ts'
import type { ChatDeps } from './deps.ts'
import { asChatAgent, getAgent } from './serving.ts'
import type { ChatState } from './state.ts'

/** When several agents accept at the same time, one of them gets the chat. */
export async function acceptChat(
  deps: ChatDeps,
  accountId: string,
  agentId: string,
  chatId: string,
): Promise<ChatState> {
  const user = await getAgent(deps, accountId, agentId)
  const { state } = await changeChat(deps, accountId, chatId, (draft) => {
    const chat = draft.state
    refuseUnlessWaiting(chat)
    if (chat.offeredTo && chat.offeredTo.agentId !== agentId) {
      throw new ParleyError(
        'forbidden',
        `The chat is offered to ${chat.offeredTo.name}: only this agent may accept it`,
      )
    }
    if (!chat.offeredTo && !user.skillIds.includes(chat.skillId)) {
      throw new ParleyError('forbidden', `The agent must have the skill "${chat.skillName}"`)
    }
    const agent = asChatAgent(user)
    chat.stage = 'active'
    chat.agent = agent
    chat.agents = [...chat.agents.filter((other) => other.agentId !== agentId), agent]
    chat.acceptedAt = draft.at
    delete chat.offeredTo
    delete chat.waitingSince
    draft.add({ type: 'accepted', name: agent.name })
  })
  return state
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

import { ParleyError } from '#base/kernel'
import { changeChat } from './change-chat.ts'
import type { ChatDeps } from './deps.ts'
import { asChatAgent, getAgent } from './serving.ts'
import type { ChatState } from './state.ts'

/** Of several agents who accept at the same time one gets the chat. */
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
      throw new ParleyError('forbidden', `The chat is offered to ${chat.offeredTo.name} only`)
    }
    if (!chat.offeredTo && !user.skillIds.includes(chat.skillId)) {
      throw new ParleyError('forbidden', `The agent does not have the skill ${chat.skillName}`)
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
  if (stage === 'waiting') return
  const reason = stage === 'ended' ? 'The chat has ended' : `The chat is served by ${agent?.name}`
  throw new ParleyError('chat_not_waiting', reason)
}

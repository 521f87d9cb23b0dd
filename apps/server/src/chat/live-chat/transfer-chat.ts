import { ParleyError } from '#base/kernel'
import { changeChat } from './change-chat.ts'
import type { ChatDeps } from './deps.ts'
import { asChatAgent, getAgent, refuseUnlessServing, getChatSkill } from './serving.ts'
import type { ChatState } from './state.ts'

/** Puts a chat back into a queue: that of another skill, or that of one agent. Then only this agent may accept it. */
export async function transferChat(
  deps: ChatDeps,
  accountId: string,
  fromAgentId: string,
  chatId: string,
  to: { skillId?: string | undefined; agentId?: string | undefined },
): Promise<ChatState> {
  const skill =
    to.skillId === undefined ? undefined : await getChatSkill(deps, accountId, to.skillId)
  const agent = to.agentId === undefined ? undefined : await getAgent(deps, accountId, to.agentId)
  if (agent?.userId === fromAgentId) {
    throw new ParleyError(
      'invalid_request',
      'body.agentId: must be another agent than the one who serves the chat',
    )
  }
  const { state } = await changeChat(deps, accountId, chatId, (draft) => {
    const chat = draft.state
    const { name } = refuseUnlessServing(chat, fromAgentId)
    if (skill) {
      chat.skillId = skill.skillId
      chat.skillName = skill.name
    }
    if (agent) chat.offeredTo = asChatAgent(agent)
    chat.stage = 'waiting'
    chat.waitingSince = draft.at
    delete chat.agent
    draft.add({
      type: 'transferred',
      name,
      skillName: chat.skillName,
      ...(agent && { toName: agent.fullName }),
    })
  })
  return state
}

import { type Principal, requirePermission } from '#base/http'
import { ParleyError } from '#base/kernel'
import { changeChat } from './change-chat.ts'
import { getSeenChat } from './chat-sight.ts'
import type { ChatDeps } from './deps.ts'
import { agentIdOf, asChatAgent, getAgent, isManagerIn, refuseEnded } from './serving.ts'
import type { ChatState } from './state.ts'
import { refuseTooLong } from './write-message.ts'

/** So many stand beside who serves a chat at once. */
const MAX_MANAGERS = 20

/** Stands beside who serves the chat, or beside nobody while it waits. Who does already, or serves it, changes nothing. */
export async function joinChat(
  deps: ChatDeps,
  accountId: string,
  principal: Principal,
  chatId: string,
): Promise<ChatState> {
  // To write is what a manager joins for.
  requirePermission(principal, 'conversation:handle')
  const manager = asChatAgent(await getAgent(deps, accountId, agentIdOf(principal)))
  const reader = await deps.reading.readerOf(principal)
  const seen = await getSeenChat(deps.store.db, accountId, reader, chatId)
  refuseEnded(seen.state)
  if (isThere(seen.state, manager.agentId)) return seen.state
  const { state } = await changeChat(deps, accountId, chatId, (draft) => {
    const chat = draft.state
    refuseEnded(chat)
    if (isThere(chat, manager.agentId)) return
    refuseTooLong(chat)
    if (chat.managers.length >= MAX_MANAGERS) {
      throw new ParleyError('conflict', `At most ${MAX_MANAGERS} managers join a chat`)
    }
    chat.managers = [...chat.managers, manager]
    draft.add({ type: 'joined', name: manager.name })
  })
  return state
}

/** Who is not there changes nothing. */
export async function leaveChat(
  deps: ChatDeps,
  accountId: string,
  principal: Principal,
  chatId: string,
): Promise<ChatState> {
  const userId = agentIdOf(principal)
  const reader = await deps.reading.readerOf(principal)
  const seen = await getSeenChat(deps.store.db, accountId, reader, chatId)
  if (!isManagerIn(seen.state, userId)) return seen.state
  const { state } = await changeChat(deps, accountId, chatId, (draft) => {
    const chat = draft.state
    const manager = chat.managers.find(({ agentId }) => agentId === userId)
    if (!manager || chat.stage === 'ended') return
    chat.managers = chat.managers.filter((one) => one !== manager)
    draft.add({ type: 'left', name: manager.name })
  })
  return state
}

function isThere(state: ChatState, userId: string): boolean {
  const isServing = state.stage === 'active' && state.agent?.agentId === userId
  return isServing || isManagerIn(state, userId)
}

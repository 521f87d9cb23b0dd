import { followChanges } from '#base/delivery'
import type { Principal } from '#base/http'
import { invalid } from '#base/kernel'
import { unlessGone } from '#base/kit'
import { type ChatAgent, NO_SKILL, type Skill, type User } from '@parley/contract'
import { type ChatDraft, changeChat } from './change-chat.ts'
import type { ChatDeps } from './deps.ts'
import { listOpen } from './repository.ts'
import { agentIdOf, asChatAgent, getAgent, refuseEnded, refuseUnlessServing } from './serving.ts'
import type { ChatState } from './state.ts'

/**
 * Puts a chat back into a queue: that of another skill, or that of one agent. Then only this agent may accept it. With the
 * permission `conversation:manage` a user may do so with any chat, also for itself. As long as it waits there, or is served from there, who
 * has put it there gets the same answer again; a manager takes what is served out of it once more.
 */
export async function transferChat(
  deps: ChatDeps,
  accountId: string,
  principal: Principal,
  chatId: string,
  to: { skillId?: string | undefined; agentId?: string | undefined },
): Promise<ChatState> {
  const skill =
    to.skillId === undefined
      ? undefined
      : await deps.accounts.skills.getNamed(accountId, 'body.skillId', to.skillId)
  const agent = to.agentId === undefined ? undefined : await getAgent(deps, accountId, to.agentId)
  const { messaging } = await deps.settings.get(accountId)
  const userId = agentIdOf(principal)
  const manager = principal.permissions.has('conversation:manage')
    ? asChatAgent(await getAgent(deps, accountId, userId))
    : undefined
  const { state } = await changeChat(deps, accountId, chatId, (draft) => {
    const { agent: serving, stage } = draft.state
    const isItsOwn = stage === 'active' && serving?.agentId === agent?.userId
    if (agent && (isItsOwn || (!manager && agent.userId === userId))) {
      throw invalid('body.agentId', 'must be another agent than the one who serves the chat')
    }
    const isOwn = draft.state.givenBy === userId
    if (waitsIn(draft.state, { skill, agent }) && (manager || isOwn)) return
    if (isServedIn(draft.state, { skill, agent }) && !manager && isOwn) return
    refuseEnded(draft.state)
    const { name } = manager ?? refuseUnlessServing(draft.state, userId)
    const offer = agent && { agent: asChatAgent(agent), forMs: messaging.suggestionMs }
    putBack(draft, name, { skill, offer })
  })
  return state
}

interface Place {
  skill: Skill | undefined
  agent: User | undefined
}

function waitsIn(chat: ChatState, { skill, agent }: Place): boolean {
  return chat.stage === 'waiting' && isOf(chat, skill) && chat.offeredTo?.agentId === agent?.userId
}

/** Whether somebody has taken it from there: the agent whom it was for, if it was for one. */
function isServedIn(chat: ChatState, { skill, agent }: Place): boolean {
  const { agentId } = chat.agent ?? {}
  return chat.stage === 'active' && isOf(chat, skill) && (!agent || agent.userId === agentId)
}

function isOf({ skillId }: ChatState, skill: Skill | undefined): boolean {
  return skill === undefined || skill.skillId === skillId
}

/** The agent who alone may accept a chat, and for how long. Then it waits for all of its skill. */
interface ChatOffer {
  agent: ChatAgent
  forMs: number
}

/** Who serves the chat gives it away: it waits again. */
export function putBack(
  draft: ChatDraft,
  name: string,
  { offer, skill }: { offer?: ChatOffer | undefined; skill?: Skill | undefined },
): void {
  const chat = draft.state
  if (skill) {
    chat.skillId = skill.skillId
    chat.skillName = skill.name
  }
  if (offer) chat.offeredTo = { ...offer.agent, until: draft.at + offer.forMs }
  else delete chat.offeredTo
  if (chat.agent) chat.givenBy = chat.agent.agentId
  chat.stage = 'waiting'
  chat.waitingSince ??= draft.at
  delete chat.agent
  delete chat.servedByBot
  delete chat.warnedAt
  const { skillName } = chat
  draft.add({ type: 'transferred', name, skillName, ...(offer && { toName: offer.agent.name }) })
}

/**
 * The chats of who was deleted or disabled, or serves no more, and those that are offered to them alone, wait for others of their skills.
 * What waits in a deleted skill waits for any agent.
 */
export function followUsers(deps: ChatDeps): void {
  const { alsoWriteWithUsers, users, skills, readAgain } = deps.accounts
  followChanges(deps, {
    name: 'chat-users',
    alsoWrite: alsoWriteWithUsers,
    async follow(accountId) {
      // The node that has changed them may have died before it told this one.
      readAgain(accountId)
      const known = new Set([NO_SKILL])
      for (const { skillId } of await skills.list(accountId)) known.add(skillId)
      for (const { chatId, agentId, skillId } of await listOpen(deps.store.db, accountId)) {
        const isReached =
          agentId === null ? known.has(skillId) : await users.findAgent(accountId, agentId)
        if (!isReached) await unlessGone(release(deps, accountId, chatId, agentId))
      }
    },
  })
}

/** Puts a chat back into its queue. @param agentId who is gone; `null` when its skill is: the commit of any change takes it out of that */
export async function release(
  deps: ChatDeps,
  accountId: string,
  chatId: string,
  agentId: string | null,
): Promise<void> {
  await changeChat(deps, accountId, chatId, (draft) => {
    const { agent, offeredTo, stage } = draft.state
    const holder = stage === 'active' ? agent : offeredTo
    if (stage !== 'ended' && holder?.agentId === agentId) putBack(draft, holder.name, {})
  })
}

import { type Chat, type ChatEntry, NO_SKILL } from '@parley/contract'
import { ASSIGNED, type Entry, MANAGER, type Offer, type Talk } from '../desk/state.ts'
import { chatWords } from './words.ts'

/** Whose page it is. */
export interface Reader {
  userId: string
  pid: string
}

/** A live chat as the workspace shows it beside conversations. */
export function talkFromChat({ userId }: Reader, chat: Chat, former?: Talk): Talk {
  const { chatId, stage, agent, skillId, startedAt, context } = chat
  const isMine = stage === 'active' && agent?.agentId === userId
  const isJoined = !isMine && chat.managers.some(({ agentId }) => agentId === userId)
  return {
    chat,
    conversationId: chatId,
    consumerId: '',
    skillId,
    startedAt: Date.parse(startedAt),
    status: stage === 'ended' ? 'closed' : isMine || isJoined ? 'mine' : 'left',
    role: isJoined ? MANAGER : ASSIGNED,
    others: stage === 'ended' ? [] : othersIn(userId, chat),
    isUrgent: false,
    dueAt: undefined,
    dialogs: [{ dialogId: chatId, type: 'MAIN', isOpen: stage === 'active' || isJoined }],
    last: former?.last,
    unread: undefined,
    visitorId: context?.visitorId,
    language: context?.lang,
    device: context?.clientProperties ?? {},
  }
}

/** Who serves it, and managers who have joined. */
function othersIn(userId: string, { agent, managers }: Chat): Talk['others'] {
  const all = [
    ...(agent ? [{ userId: agent.agentId, role: ASSIGNED }] : []),
    ...managers.map(({ agentId }) => ({ userId: agentId, role: MANAGER })),
  ]
  return all.filter((one) => one.userId !== userId)
}

/** A chat that waits, where this agent may accept it. */
export function offerFromChat(
  { userId }: Reader,
  chat: Chat,
  skillIds: readonly string[],
): Offer | undefined {
  const { chatId, stage, offeredTo, skillId, waitingSince, startedAt } = chat
  if (stage !== 'waiting') return undefined
  const isOfSkill = skillId === NO_SKILL || skillIds.includes(skillId)
  const isMine = offeredTo ? offeredTo.agentId === userId : isOfSkill
  if (!isMine) return undefined
  return {
    chat,
    ringId: chatId,
    conversationId: chatId,
    consumerId: '',
    skillId,
    expiresAt: Date.parse(waitingSince ?? startedAt),
  }
}

/** One thing that happened in a chat. Entries of agents have a name only: it is this agent's own where it is the same. */
export function entryFromChat({ userId, pid }: Reader, chat: Chat, entry: ChatEntry): Entry {
  const { sequence } = entry
  const isConsumer = entry.type === 'line' && entry.by === 'CONSUMER'
  const author = 'name' in entry ? entry.name : undefined
  const ownName = [...chat.agents, ...chat.managers].find(({ agentId }) => agentId === userId)?.name
  return {
    dialogId: chat.chatId,
    sequence,
    role: isConsumer ? 'CONSUMER' : 'ASSIGNED_AGENT',
    pid: !isConsumer && author === ownName ? pid : undefined,
    author,
    at: Date.parse(entry.at),
    content:
      entry.type === 'line' || entry.type === 'note'
        ? { kind: 'text', text: entry.text }
        : { kind: 'event', text: happened(entry) },
    quickReplies: [],
    isPrivate: entry.type === 'note',
  }
}

function happened(entry: Exclude<ChatEntry, { type: 'line' | 'note' }>): string {
  switch (entry.type) {
    case 'joined':
      return chatWords.joined(entry.name)
    case 'left':
      return chatWords.left(entry.name)
    case 'accepted':
      return chatWords.accepted(entry.name)
    case 'transferred':
      return chatWords.transferred(entry.name, entry.toName ?? entry.skillName)
    case 'ended':
      return entry.reason === 'closed'
        ? chatWords.endedBy[entry.by]
        : chatWords.endedFor[entry.reason]
  }
}

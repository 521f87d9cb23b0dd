import type { Answerer, ChatEntry, ChatSide } from '@parley/contract'
import type { Principal } from '#base/http'
import { conflicting, joined, ParleyError } from '#base/kernel'
import { type ChatDraft, changeChat } from './change-chat.ts'
import type { ChatDeps } from './deps.ts'
import { findChat } from './repository.ts'
import { agentIdOf, refuseEnded, refuseUnlessWriting } from './serving.ts'
import type { ChatState } from './state.ts'

/** A transcript must fit into a mail. The entry that ends a chat is always added. */
const MAX_CHARACTERS = 4_000_000
const MAX_ENTRIES = 20_000

export interface MessageDraft {
  text: string
  /** The writer's own id of the message: a message that is sent again is stored once. Others may have the same one. */
  lineId?: string | undefined
}

export async function writeConsumerMessage(
  deps: ChatDeps,
  accountId: string,
  chatId: string,
  message: MessageDraft,
): Promise<ChatEntry> {
  const writer = { by: 'CONSUMER', id: '' } as const
  return await writeMessage(deps, accountId, chatId, writer, message, (draft) => {
    refuseEnded(draft.state)
    return { name: draft.state.consumer.name }
  })
}

export async function writeAgentMessage(
  deps: ChatDeps,
  accountId: string,
  principal: Principal,
  chatId: string,
  { audience, ...message }: MessageDraft & { audience: 'ALL' | 'AGENTS_AND_MANAGERS' },
): Promise<ChatEntry> {
  const writerOf = (draft: ChatDraft) => {
    refuseEnded(draft.state)
    const { name, isManager } = refuseUnlessWriting(draft.state, principal)
    return { name, ...(isManager && { manager: agentIdOf(principal) }) }
  }
  const writer = { by: 'AGENT', id: agentIdOf(principal) } as const
  const isNote = audience === 'AGENTS_AND_MANAGERS'
  return await writeMessage(deps, accountId, chatId, writer, message, writerOf, isNote)
}

async function writeMessage(
  deps: ChatDeps,
  accountId: string,
  chatId: string,
  { by, id }: { by: ChatSide; id: string },
  { text, lineId }: MessageDraft,
  writerOf: (draft: ChatDraft) => { name: string; manager?: string },
  isNote = false,
): Promise<ChatEntry> {
  const requestKey = lineId === undefined ? undefined : joined('chat', chatId, by, id, lineId)
  const { entry } = await changeChat(
    deps,
    accountId,
    chatId,
    (draft) => {
      const written = { ...writerOf(draft), text, lineId }
      if (isNote) addNote(draft, written)
      else addMessage(draft, { by, ...written })
    },
    { requestKey },
  )
  if (!entry) throw new Error(`A message of the chat ${chatId} was not stored`)
  if (!isSame(entry, { type: isNote ? 'note' : 'line', text })) {
    throw conflicting('body.lineId', `another message has the id "${lineId}"`)
  }
  return entry
}

/** A client that counts its lines anew in a second tab must not take another message for its own. */
function isSame(
  entry: ChatEntry,
  { type, text }: { type: 'line' | 'note'; text: string },
): boolean {
  return entry.type === type && entry.text === text
}

/** @param message its `manager`, the id of who has written it beside who serves the chat */
export function addMessage(
  draft: ChatDraft,
  message: MessageDraft & { by: ChatSide; name: string; manager?: string },
): void {
  const { by, name, text, lineId, manager } = message
  const { state } = draft
  state.characters += text.length
  refuseTooLong(state)
  draft.add({ type: 'line', by, name, text, ...(lineId !== undefined && { lineId }) })
  state.lastLineAt = draft.at
  if (by === 'CONSUMER') state.unansweredSince ??= draft.at
  else {
    const isBot = state.servedByBot && manager === undefined
    const answerer: Answerer = isBot ? 'bot' : 'person'
    draft.answeredById = manager ?? state.agent?.agentId
    const { answeredBy = [] } = state
    if (!answeredBy.includes(answerer)) state.answeredBy = [...answeredBy, answerer]
    delete state.unansweredSince
  }
  delete state.warnedAt
}

/** Agents see it, the consumer and transcripts never do. */
export function addNote(
  draft: ChatDraft,
  { name, text, lineId }: MessageDraft & { name: string },
): void {
  draft.state.characters += text.length
  refuseTooLong(draft.state)
  draft.add({ type: 'note', name, text, ...(lineId !== undefined && { lineId }) })
}

export function refuseTooLong({ characters, nextSequence }: ChatState): void {
  if (characters <= MAX_CHARACTERS && nextSequence < MAX_ENTRIES) return
  throw new ParleyError('chat_too_long', 'The chat is too long: start another one')
}

/** Typing is not stored: streams that are open now are notified, and whoever acts on it. */
export async function notifyConsumerTyping(
  { delivery, feed, observer }: ChatDeps,
  accountId: string,
  state: ChatState,
  typing: boolean,
): Promise<void> {
  refuseEnded(state)
  feed.typing(accountId, state.chatId, 'CONSUMER', typing)
  const outbox = typing ? observer.typed(state) : []
  if (outbox.length > 0) await delivery.commit({ accountId, documents: [], outbox })
}

export async function notifyAgentTyping(
  { feed, store }: ChatDeps,
  accountId: string,
  principal: Principal,
  chatId: string,
  typing: boolean,
): Promise<void> {
  const chat = await findChat(store.db, accountId, chatId)
  if (!chat) throw new ParleyError('chat_not_found', `No chat "${chatId}"`)
  refuseEnded(chat.state)
  refuseUnlessWriting(chat.state, principal)
  feed.typing(accountId, chatId, 'AGENT', typing)
}

import { type ChatEntry, isShared } from '@parley/contract'
import type { ChatReader, TranscriptChat } from '#chat/transcripts'
import type { Base } from '#base/store'
import { findChat, findChats, listAllEntries, listEntriesOf } from './repository.ts'
import type { ChatState } from './state.ts'

/** Longer chats are read one by one, in pages. */
const MAX_ENTRIES_TOGETHER = 200
const MAX_CHARACTERS_TOGETHER = 100_000

export function openChatReader({ store }: Pick<Base, 'store'>): ChatReader {
  return {
    async read(accountId, chatId) {
      const chat = await findChat(store.db, accountId, chatId)
      return chat && asTranscript(chat.state, await listAllEntries(store.db, accountId, chatId))
    },
    async readShort(accountId, chatIds) {
      if (chatIds.length === 0) return []
      const chats = (await findChats(store.db, accountId, chatIds)).filter(isShort)
      const ids = chats.map(({ chatId }) => chatId)
      const entries = await listEntriesOf(store.db, accountId, ids)
      return chats.map((state) => asTranscript(state, entries.get(state.chatId) ?? []))
    },
  }
}

function isShort({ nextSequence, characters }: ChatState): boolean {
  return nextSequence <= MAX_ENTRIES_TOGETHER && characters <= MAX_CHARACTERS_TOGETHER
}

function asTranscript(state: ChatState, entries: ChatEntry[]): TranscriptChat {
  const { chatId, skillName, agents, consumer, startedAt, endedAt } = state
  return {
    chatId,
    skillName,
    agentNames: agents.map(({ name }) => name),
    consumerName: consumer.name,
    startedAt,
    endedAt,
    entries: entries.filter(isShared),
  }
}

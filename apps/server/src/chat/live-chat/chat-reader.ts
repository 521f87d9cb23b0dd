import { type ChatEntry, isShared } from '@parley/contract'
import { batchReads } from '#base/kit'
import type { ReadChat, TranscriptChat } from '#chat/transcripts'
import type { Base, Db } from '#base/store'
import { type ChatKey, findChats, listAllEntries, listEntriesOf, nameOfChat } from './repository.ts'
import type { ChatState } from './state.ts'

/** Longer chats are read one by one, in pages. */
const MAX_ENTRIES_TOGETHER = 200
const MAX_CHARACTERS_TOGETHER = 100_000

/** Reads chats as their transcripts show them. Calls at the same moment share one query. */
export function openChatReader(deps: Pick<Base, 'store' | 'monotonic'>): ReadChat {
  const read = batchReads(deps, nameOfChat, (keys: readonly ChatKey[]) =>
    transcriptChats(deps.store.db, keys),
  )
  return (accountId, chatId) => read({ accountId, chatId })
}

async function transcriptChats(
  db: Db,
  keys: readonly ChatKey[],
): Promise<Map<string, TranscriptChat>> {
  const chats = await findChats(db, keys)
  const isShort = ({ state: { nextSequence, characters } }: { state: ChatState }) =>
    nextSequence <= MAX_ENTRIES_TOGETHER && characters <= MAX_CHARACTERS_TOGETHER
  const entries = await listEntriesOf(db, chats.filter(isShort))
  const found = new Map<string, TranscriptChat>()
  for (const chat of chats) {
    const { accountId, chatId, state } = chat
    const name = nameOfChat(chat)
    const own = isShort(chat)
      ? (entries.get(name) ?? [])
      : await listAllEntries(db, accountId, chatId)
    found.set(name, asTranscript(state, own))
  }
  return found
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

import type { TranscriptChat } from '#transcripts'
import type { ChatRoom } from './deps.ts'
import { findChat, listAllEntries } from './repository.ts'

/** A chat as its transcript shows it. */
export async function transcriptChat(
  { store }: ChatRoom,
  accountId: string,
  chatId: string,
): Promise<TranscriptChat | undefined> {
  const chat = await findChat(store.db, accountId, chatId)
  if (!chat) return undefined
  const { skillName, agents, consumer, startedAt, endedAt } = chat.state
  return {
    chatId,
    skillName,
    agentNames: agents.map(({ name }) => name),
    consumerName: consumer.name,
    startedAt,
    endedAt,
    entries: await listAllEntries(store.db, accountId, chatId),
  }
}

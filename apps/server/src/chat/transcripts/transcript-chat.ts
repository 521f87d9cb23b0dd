import type { SharedChatEntry } from '@parley/contract'

/** A chat as its transcript shows it. */
export interface TranscriptChat {
  chatId: string
  skillName: string
  /** All agents who served it, in order. */
  agentNames: string[]
  consumerName: string
  startedAt: number
  endedAt: number | undefined
  entries: SharedChatEntry[]
}

/** Reads chats as their transcripts show them. */
export interface ChatReader {
  /** `undefined` when there is none. */
  read(accountId: string, chatId: string): Promise<TranscriptChat | undefined>
  /** Those of these chats that are short: together. */
  readShort(accountId: string, chatIds: readonly string[]): Promise<TranscriptChat[]>
}

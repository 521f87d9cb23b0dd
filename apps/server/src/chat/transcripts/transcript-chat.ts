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

export type ReadChat = (accountId: string, chatId: string) => Promise<TranscriptChat | undefined>

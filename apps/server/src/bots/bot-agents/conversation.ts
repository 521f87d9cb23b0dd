import type { BotChannelName, ConversationState } from '@parley/contract'

/** A conversation of whatever channel, as bots know it. */
export interface BotConversation {
  channel: BotChannelName
  /** In live chat the id of the chat. */
  conversationId: string
  /** Absent in live chat: nobody knows who comes back. */
  consumerId?: string
  skillId: string
  /** The skill that it had before, if there was one. */
  previousSkillId?: string | undefined
  /** Who serves it. */
  userId: string
  /** When it came to who serves it. */
  since: number
  /** Who has served it, in order, as far back as two of them. */
  takers: readonly string[]
  /** When the oldest message was written that nobody has answered. */
  unansweredSince?: number | undefined
  nextSequence: number
  context?: ConversationState['context']
  campaignInfo?: ConversationState['campaignInfo']
  /** What vendors are told of it beside a message. */
  raw: Record<string, unknown>
}

/** What the consumer has written. */
export interface HeardMessage {
  sequence: number
  at: number
  /** Files as their placeholder; a card has no text. */
  text: string
  /** The content of a card. */
  card?: unknown
  /** As the channel spells it, for vendors. */
  raw: Record<string, unknown>
}

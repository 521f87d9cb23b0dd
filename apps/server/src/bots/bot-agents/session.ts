import { BotAction, BotIntent, BotMessage, BotSdes } from '@parley/contract'
import * as z from 'zod'
import { findDocument } from '#base/kit'
import type { Db } from '#base/store'
import type { BotAgent } from './bot-kind.ts'
import type { BotConversation } from './conversation.ts'

/** The kind of the document that keeps where a bot is in a conversation; its id is the conversation's. */
export const SESSION = 'bot-session'

/** The kind of the document that keeps when a consumer has typed; its id is the conversation's. */
export const TYPING = 'bot-typing'

export const BotSession = z.object({
  botId: z.string(),
  /** When the conversation came to the bot: `since` of the conversation. */
  since: z.number(),
  /** The first sequence that the bot has not been given. */
  next: z.int().nonnegative(),
  /** Older messages were for somebody else. */
  notBefore: z.number(),
  /** Whether the welcome is done, or there is none. */
  greeted: z.boolean(),
  /** The conversation came from somebody else. */
  transferred: z.boolean(),
  /** How often bots have passed it on since the consumer has written last. */
  passedOn: z.int().nonnegative().default(0),
  sdes: BotSdes.optional(),
  memory: z.unknown().optional(),
  /** What bots have kept of this conversation when they had it before, by their ids. */
  earlier: z.record(z.string(), z.unknown()).optional(),
  /** What the bot has understood last. */
  intents: z.array(BotIntent).optional(),
  /** What is still to be said and done after a pause. */
  rest: z
    .object({
      at: z.number(),
      messages: z.array(BotMessage),
      action: BotAction.optional(),
      /** The intents are to be told with the first message. */
      untold: z.boolean().optional(),
      /** What was asked and answered, should something of it fail. */
      detail: z.unknown().optional(),
    })
    .optional(),
})
export type BotSession = z.infer<typeof BotSession>

export interface VersionedSession {
  version: number
  session: BotSession
  /** Nothing has been stored since the conversation came. */
  fresh: boolean
}

/** Where the bot is in this conversation; a fresh session where the conversation has come to it anew. */
export async function findSession(
  db: Db,
  accountId: string,
  bot: BotAgent,
  conversation: BotConversation,
): Promise<VersionedSession> {
  const { conversationId, since } = conversation
  const row = await findDocument(db, accountId, SESSION, conversationId)
  const known = row && BotSession.parse(row.state)
  const version = row?.version ?? 0
  if (known?.botId === bot.botId && known.since === since)
    return { version, session: known, fresh: false }
  return { version, session: begin(bot, conversation, known), fresh: true }
}

/**
 * A bot that gets back the conversation that it has given away itself waits for new messages (`spec/bots.md` 3.6). One that came
 * from an agent begins with the welcome, or with what the consumer is still waiting for.
 */
function begin(
  bot: BotAgent,
  { channel, since, takers, unansweredSince }: BotConversation,
  before: BotSession | undefined,
): BotSession {
  const passedOn = before ? before.passedOn + 1 : 0
  const came = { botId: bot.botId, since, passedOn, ...(before && { earlier: keptOf(before) }) }
  // Bots are told of each live chat at its start, whatever is set (`spec/bots.md` 3.3).
  const isChat = channel === 'chat'
  const welcome = bot.settings.welcome || isChat
  if (before?.botId === bot.botId && takers.at(-2) === bot.userId) {
    return { ...came, next: before.next, notBefore: 0, greeted: true, transferred: false }
  }
  const transferred = takers.length > 1
  const unanswered = welcome && !isChat ? since : (unansweredSince ?? since)
  const notBefore = transferred ? unanswered : 0
  return { ...came, next: 0, notBefore, greeted: !welcome, transferred }
}

function keptOf({ botId, earlier, memory }: BotSession): BotSession['earlier'] {
  return memory === undefined ? earlier : { ...earlier, [botId]: memory }
}

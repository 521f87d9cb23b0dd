import type { BotAgent, BotCue } from './bot-kind.ts'
import type { BotChannel } from './channel.ts'
import type { BotConversation, HeardMessage } from './conversation.ts'
import type { BotAgentsDeps } from './deps.ts'
import { findSession, type VersionedSession } from './session.ts'
import { findTypedAt } from './typing.ts'
import type { ConversationRef } from './wake.ts'

/** More conversations than this and each new one is escalated (`spec/bots.md` 3.1). */
export const MAX_CONVERSATIONS = 999

/** Bots that pass a conversation on to each other do so at most so often until its consumer writes again. */
const MAX_PASSED_ON = 10

/** A conversation that a bot has now. */
export interface Served extends VersionedSession {
  accountId: string
  bot: BotAgent
  channel: BotChannel
  conversation: BotConversation
}

export type Step =
  | { kind: 'nothing' }
  /** Nothing before this time. */
  | { kind: 'wait'; until: number }
  /** A pause is over. */
  | { kind: 'go-on' }
  | { kind: 'escalate'; why: 'limit' | 'interrupted'; next: number }
  /** Bots pass it on to each other: it stays with this one until the consumer writes again. */
  | { kind: 'keep'; next: number }
  /** `more`: there is something to look at after it. */
  | { kind: 'ask'; cue: BotCue; next: number; more: boolean }

/** By the newest state; `undefined` where no bot of this server has the conversation. */
export async function findServed(
  { channels, store, directory }: BotAgentsDeps,
  accountId: string,
  ref: ConversationRef,
): Promise<Served | undefined> {
  const channel = channels.get(ref.channel)
  const conversation = await channel?.find(accountId, ref.conversationId)
  if (!channel || !conversation) return undefined
  const bot = await directory.find(accountId, { userId: conversation.userId })
  if (!bot) return undefined
  const session = await findSession(store.db, accountId, bot, conversation)
  return { accountId, bot, channel, conversation, ...session }
}

/** Of all channels. */
export async function countConversations(
  { channels }: BotAgentsDeps,
  accountId: string,
  userId: string,
): Promise<number> {
  const counts = [...channels.values()].map((channel) => channel.count(accountId, userId))
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}

/** The same of all bots, in one reading of each channel. */
export async function countAllConversations(
  { channels }: BotAgentsDeps,
  accountId: string,
): Promise<(userId: string) => number> {
  const counts = await Promise.all(
    [...channels.values()].map(({ countAll }) => countAll(accountId)),
  )
  return (userId) => counts.reduce((sum, count) => sum + (count.get(userId) ?? 0), 0)
}

/** What the bot has to do now. */
export async function nextStep(deps: BotAgentsDeps, served: Served): Promise<Step> {
  const { accountId, bot, channel, conversation, session } = served
  const now = deps.clock.now()
  if (session.rest) {
    return session.rest.at > now ? { kind: 'wait', until: session.rest.at } : { kind: 'go-on' }
  }
  const { next: from, notBefore } = session
  const unread = await channel.read(accountId, bot, conversation, { from, notBefore })
  const next = (unread.at(-1)?.sequence ?? from - 1) + 1
  if (session.greeted && unread.length === 0) return { kind: 'nothing' }
  if (served.fresh && session.passedOn >= MAX_PASSED_ON) return { kind: 'keep', next }
  if (bot.state === 'vendor-interruption') return { kind: 'escalate', why: 'interrupted', next }
  if (served.fresh) {
    const open = await countConversations(deps, accountId, bot.userId)
    if (open > MAX_CONVERSATIONS) return { kind: 'escalate', why: 'limit', next }
  }
  if (!session.greeted) {
    const last = session.transferred
      ? await channel.readLast(accountId, bot, conversation)
      : undefined
    const cue: BotCue = { kind: 'welcome', ...(last && { last }) }
    return { kind: 'ask', cue, next: from, more: true }
  }
  const { combine } = bot.settings
  const messages = textsOrCard(unread.slice(0, combine?.maxMessages ?? 1))
  const newest = messages.at(-1)
  if (!newest) return { kind: 'nothing' }
  if (combine && messages.length < combine.maxMessages && messages.length === unread.length) {
    const typedAt = await findTypedAt(deps.store.db, accountId, conversation.conversationId)
    const until =
      typedAt !== undefined && typedAt >= newest.at
        ? typedAt + combine.afterTypingMs
        : newest.at + combine.timeFrameMs
    if (until > now) return { kind: 'wait', until }
  }
  return {
    kind: 'ask',
    cue: { kind: 'messages', text: joined(messages), messages },
    next: newest.sequence + 1,
    more: unread.length > messages.length,
  }
}

/** Bots are told the content of one message: a card comes by itself, before or after the texts around it. */
function textsOrCard(messages: readonly HeardMessage[]): readonly HeardMessage[] {
  const at = messages.findIndex(({ card }) => card !== undefined)
  return at < 0 ? messages : messages.slice(0, Math.max(1, at))
}

/** Several messages are joined by a blank (`spec/bots.md` 3.1). */
function joined(messages: readonly HeardMessage[]): string {
  return messages.map(({ text }) => text).join(' ')
}

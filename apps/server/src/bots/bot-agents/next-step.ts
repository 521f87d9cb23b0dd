import type { ConversationState, StoredMessage } from '@parley/contract'
import { readConsumerMessages, textOf } from './consumer-messages.ts'
import type { BotAgent, BotCue } from './bot-kind.ts'
import type { BotAgentsDeps } from './deps.ts'
import { findSession, type VersionedSession } from './session.ts'
import { findTypedAt } from './typing.ts'

/** More conversations than this and each new one is escalated (`spec/bots.md` 3.1). */
export const MAX_CONVERSATIONS = 999

/** A conversation that a bot has now. */
export interface Served extends VersionedSession {
  accountId: string
  bot: BotAgent
  state: ConversationState
}

export type Step =
  | { kind: 'nothing' }
  /** Nothing before this time. */
  | { kind: 'wait'; until: number }
  /** A pause is over. */
  | { kind: 'go-on' }
  | { kind: 'escalate'; why: 'limit' | 'interrupted'; next: number }
  /** `more`: there is something to look at after it. */
  | { kind: 'ask'; cue: BotCue; next: number; more: boolean }

/** By the newest state; `undefined` where no bot of this server has the conversation. */
export async function findServed(
  { store, reading, directory }: BotAgentsDeps,
  accountId: string,
  conversationId: string,
): Promise<Served | undefined> {
  // Another node may have written what this row is about.
  if (!store.isExclusive) reading.documents.forget('conversation', accountId, conversationId)
  const found = await reading.documents.find('conversation', accountId, conversationId)
  const userId = found?.state.servedByBot && found.state.assignedAgentId
  const bot = userId ? await directory.find(accountId, { userId }) : undefined
  if (!found || !bot) return undefined
  const { state } = found
  return { accountId, bot, state, ...(await findSession(store.db, accountId, bot, state)) }
}

/** What the bot has to do now. */
export async function nextStep(deps: BotAgentsDeps, served: Served): Promise<Step> {
  const { accountId, bot, state, session } = served
  const now = deps.clock.now()
  if (session.rest) {
    return session.rest.at > now ? { kind: 'wait', until: session.rest.at } : { kind: 'go-on' }
  }
  const written = await readConsumerMessages(deps.reading, accountId, bot, state, session.next)
  const unread = written.filter(({ at }) => at >= session.notBefore)
  const next = (unread.at(-1)?.sequence ?? session.next - 1) + 1
  if (session.greeted && unread.length === 0) return { kind: 'nothing' }
  if (bot.state === 'vendor-interruption') return { kind: 'escalate', why: 'interrupted', next }
  if (served.fresh) {
    const { slots } = await deps.routing.findAgent(accountId, bot.userId)
    if (slots.length > MAX_CONVERSATIONS) return { kind: 'escalate', why: 'limit', next }
  }
  if (!session.greeted) {
    const last = session.transferred ? await lastMessage(deps, served) : undefined
    const cue: BotCue = { kind: 'welcome', ...(last && { last }) }
    return { kind: 'ask', cue, next: session.next, more: true }
  }
  const { combine } = bot.settings
  const messages = combine ? unread.slice(0, combine.maxMessages) : unread.slice(0, 1)
  const newest = messages.at(-1)
  if (!newest) return { kind: 'nothing' }
  if (combine && messages.length < combine.maxMessages) {
    const typedAt = await findTypedAt(deps.store.db, accountId, state.conversationId)
    const until =
      typedAt !== undefined && typedAt >= newest.at
        ? typedAt + combine.afterTypingMs
        : newest.at + combine.timeFrameMs
    if (until > now) return { kind: 'wait', until }
  }
  return {
    kind: 'ask',
    cue: { kind: 'messages', text: textOf(messages), messages },
    next: newest.sequence + 1,
    more: unread.length > messages.length,
  }
}

async function lastMessage(
  { reading }: BotAgentsDeps,
  { accountId, bot, state }: Served,
): Promise<StoredMessage | undefined> {
  return (await readConsumerMessages(reading, accountId, bot, state, 0)).at(-1)
}

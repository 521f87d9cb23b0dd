import type {
  BotAction,
  BotChannelName,
  BotErrorSuffix,
  BotIntent,
  BotMessage,
} from '@parley/contract'
import type { InvocationRecord } from '#faas/records'
import type { CommitOperation, OutboxEnd } from '#base/store'
import type { Reader } from '#messaging/reading'
import type { BotAgent, BotSays } from './bot-kind.ts'
import type { BotConversation, HeardMessage } from './conversation.ts'

export type BotContent = Extract<BotMessage, { type: 'content' }>

/** Whom a bot gives a conversation to: a skill, an agent, or an agent in a skill. */
export interface Target {
  skillId?: string | undefined
  agent?: { userId: string; pid: string; name: string } | undefined
}

/** One conversation while an answer is put into it. What is done here is one commit; the methods throw `ParleyError`. */
export interface BotDecision {
  at: number
  /** Somebody was faster than the vendor. */
  lost?: 'closed' | 'taken' | undefined
  /** Answers why the message falls, where that is nothing to escalate for. */
  say(message: BotContent, intents: readonly BotIntent[] | undefined): string | undefined
  /** The bot leaves; without a target, as far as the channel lets it. It is asked last when somebody is looked for. */
  leave(to: (Target & { suggestMs: number }) | undefined): void | Promise<void>
  close(withoutSurvey: boolean): void | Promise<void>
  changeTtr(ttr: { ttrType: unknown; value?: unknown }): void
}

/** A conversation that a bot has now. */
export interface HeldConversation {
  conversationId: string
  skillId: string
  /** When it came to the bot, in milliseconds since 1970. */
  since: number
}

export interface HeldPage {
  limit: number
  /** The last conversation of the page before. */
  after?: string | undefined
}

/** What a bot has not read: from a sequence on, and not said before an instant (milliseconds since 1970). */
export interface UnreadRange {
  from: number
  notBefore: number
}

/** What is committed with an answer; `more` is asked after every decision. */
export interface AnswerCommit {
  completesRow: OutboxEnd
  invocations: readonly InvocationRecord[]
  more(): Required<Pick<CommitOperation, 'documents' | 'outbox' | 'arm'>>
}

/** What may go wrong with a conversation, whatever its channel calls that. */
export type Mishap = 'say' | 'leave' | 'close' | 'ttr' | 'closed' | 'taken'

/**
 * Where bots serve conversations. Turns, pauses, escalation and errors are the same everywhere; a channel finds its conversations,
 * reads what consumers have written and puts answers in. It calls `wakeRow` in the commit of whatever a bot may have to look at.
 */
export interface BotChannel {
  name: BotChannelName
  /** What a bot or another agent serves now; `undefined` for what nobody serves, and what is over. */
  find(accountId: string, conversationId: string): Promise<BotConversation | undefined>
  /** What the consumer has written, the oldest first; a part of it where that is very much. */
  read(
    accountId: string,
    bot: BotAgent,
    conversation: BotConversation,
    range: UnreadRange,
  ): Promise<HeardMessage[]>
  /** What the consumer has written last. */
  readLast(
    accountId: string,
    bot: BotAgent,
    conversation: BotConversation,
  ): Promise<HeardMessage | undefined>
  /** How many the user serves now. */
  count(accountId: string, userId: string): Promise<number>
  /** The same of all bots that serve any, in one reading. Others who serve any may be among them. */
  countAll(accountId: string): Promise<ReadonlyMap<string, number>>
  /** One page of those that the reader may see, in the order of their ids' bytes. */
  listHeld(
    accountId: string,
    userId: string,
    reader: Reader,
    page: HeldPage,
  ): Promise<HeldConversation[]>
  /** Whether the bot takes conversations. Said again after each change of the bot. */
  setTaking(accountId: string, userId: string, takes: boolean): Promise<void>
  /** A deleted bot leaves all that it has. */
  leaveAll(accountId: string, user: { userId: string; pid: string }): Promise<void>
  /** What the channel does of an answer, or the error of one that it cannot show at all. */
  verify(says: BotSays): BotSays | { error: BotErrorSuffix; reason?: string }
  /** The part of a target that can take a conversation now. */
  reach(
    accountId: string,
    bot: BotAgent,
    conversation: BotConversation,
    target: Target,
  ): Promise<Target | undefined>
  errorOf(
    mishap: Mishap,
    wanted: { messages: number; action?: BotAction | undefined },
  ): BotErrorSuffix
  /** Decides by the newest state, and again where somebody was faster; then all of it is committed at once. */
  change(
    accountId: string,
    bot: BotAgent,
    conversation: BotConversation,
    decide: (decision: BotDecision) => Promise<void>,
    commit: AnswerCommit,
  ): Promise<void>
  /** The consumer sees that the bot is writing. It is shown at most: the conversation may be another one's by now. */
  showTyping(accountId: string, bot: BotAgent, conversationId: string): Promise<void>
}

import type {
  BotAction,
  BotErrorSuffix,
  BotIntent,
  BotMessage,
  BotSdes,
  BotSettings,
  BotState,
} from '@parley/contract'
import type { InvocationRecord } from '#faas/records'
import type { BotConversation, HeardMessage } from './conversation.ts'

/** A bot that this server runs: an agent user without sockets. */
export interface BotAgent {
  botId: string
  /** The kind that answers for it. */
  kind: string
  userId: string
  pid: string
  name: string
  state: BotState
  settings: BotSettings
}

/** Why a bot is asked. */
export type BotCue =
  /** The conversation has come to the bot. `last`: it was with somebody else before, and this was the consumer's last message. */
  | { kind: 'welcome'; last?: HeardMessage }
  /** What the consumer has written since the turn before; `text` are all of them, files as their placeholder. */
  | { kind: 'messages'; text: string; messages: readonly HeardMessage[] }

/** One turn of a conversation: what is known when the bot is asked. */
export interface BotTurn {
  accountId: string
  bot: BotAgent
  /** The same however often this turn is tried: functions get it as `X-Request-ID`. */
  turnId: string
  cue: BotCue
  conversation: BotConversation
  /** Only where the bot collects engagement attributes. */
  sdes?: BotSdes | undefined
  /** What the bot's last answer wanted kept, since the conversation has come to it. */
  memory?: unknown
  /** The same of the last time that the bot had this conversation: somebody else has had it since. */
  earlier?: unknown
}

/** What a bot says and does. Messages go out in their order, then the action is done. */
export interface BotSays {
  ok: true
  messages: readonly BotMessage[]
  action?: BotAction | undefined
  /** An action that is not known, beside messages: they are said, and the list of errors says what is left out. */
  unknownAction?: string | undefined
  intents?: readonly BotIntent[] | undefined
  /** Any JSON value that the next turn is given; `undefined` keeps what was kept before. */
  memory?: unknown
  /** For `failed`, where a part of it cannot be said or done: what was asked and answered. Any JSON value. */
  detail?: unknown
  /** Runs of functions, stored in the commit of what the bot says. */
  records: readonly InvocationRecord[]
}

/** The bot could not answer: the consumer is escalated. */
export interface BotFails {
  ok: false
  error: BotErrorSuffix
  /** What was wrong, for who runs the bot. */
  reason?: string | undefined
  /** For `failed`: what was asked and answered. Any JSON value. */
  detail?: unknown
  records: readonly InvocationRecord[]
}

export interface BotFailure {
  accountId: string
  botId: string
  errorId: string
  /** The full published name. */
  name: string
  conversationId: string
  detail?: unknown
}

/**
 * What answers for bots of one kind. A module that brings another kind of bot:
 *
 * 1. opens after `bot-agents` and calls `botAgents.serve(kind)` once, before `delivery.start()`;
 * 2. makes its bots with `botAgents.create` in a transaction with rows of its own, whose key is the `botId`, and starts and stops
 *    them with `botAgents.setState`;
 * 3. answers `turn`. It gets facts and returns what to say: rings, sockets, the outbox, pauses, limits, escalation and the commit
 *    are not its concern. It is asked again when a node dies in a turn; what it says counts once. What it needs to know in the
 *    next turn it returns as `memory`: that is stored in the commit of its messages.
 *
 * `turn` does not reject for what a vendor or a function does wrong: it answers `{ ok: false, error }`.
 */
export interface BotKind {
  kind: string
  turn(turn: BotTurn): Promise<BotSays | BotFails>
  /** Whether the vendor answers: asked before a bot starts, and each minute while it is interrupted. */
  test(accountId: string, bot: BotAgent): Promise<BotTest>
  /** Something has failed; told once, after the consumer was escalated. Returns runs of functions, which are stored. */
  failed?(failure: BotFailure): Promise<readonly InvocationRecord[]>
}

/** `service`: something of the account that the bot stands on is missing; else the vendor has not answered as it must. */
export type BotTest =
  | { ok: true }
  | { ok: false; error: BotErrorSuffix; reason?: string; interrupts: 'vendor' | 'service' }

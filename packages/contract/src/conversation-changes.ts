import * as z from 'zod'
import {
  ClientProperties,
  Closer,
  ConversationState,
  IdleKind,
  Openness,
  Originator,
  ParticipantRef,
  Role,
  Ttr,
} from './conversations.ts'

/** Participants of the MAIN dialog before and after a change of one of them; controllers are left out. */
const participants = {
  userId: z.string(),
  role: Role,
  before: z.array(ParticipantRef),
  after: z.array(ParticipantRef),
}

/**
 * Every kind of change of a conversation that bots get, with its facts. A new kind is one entry here, and a call of
 * `note` in the rule that makes the change. Which event a change raises stands in the event's own file.
 */
export const ConversationChange = z.discriminatedUnion('kind', [
  /** A consumer opened the conversation. `previous` is that consumer's conversation before this one. */
  z.object({
    kind: z.literal('opened'),
    firstConversation: z.boolean(),
    previous: z.object({ endAt: z.number(), autoClosed: z.boolean() }).optional(),
  }),
  /** The MAIN dialog closed. `wholeConversation`: no survey follows. */
  z.object({
    kind: z.literal('closed'),
    by: Closer,
    autoClosed: z.boolean(),
    wholeConversation: z.boolean(),
  }),
  /** A POST_SURVEY dialog closed, and the whole conversation with it. */
  z.object({ kind: z.literal('survey-closed'), dialogId: z.string(), by: Closer }),
  /** `from` and `to` are ids of skills, `-1` for none. */
  z.object({ kind: z.literal('skill-changed'), from: z.string(), to: z.string() }),
  /** An agent became the assigned agent. */
  z.object({ kind: z.literal('assigned'), ...participants }),
  /** The assigned agent left: the conversation waits in its queue again, unless another agent was assigned in the same commit. */
  z.object({
    kind: z.literal('unassigned'),
    ...participants,
    isReplaced: z.literal(true).optional(),
  }),
  /** An agent joined beside the assigned agent. */
  z.object({ kind: z.literal('joined'), ...participants }),
  /** An agent that had joined left. */
  z.object({ kind: z.literal('left'), ...participants }),
  z.object({ kind: z.literal('ttr-changed'), from: Ttr, to: Ttr }),
  /** An agent set the time of the next answer by hand: `at`, in milliseconds since 1970. */
  z.object({ kind: z.literal('manual-ettr'), at: z.number() }),
  /** A participant wrote a content message. */
  z.object({ kind: z.literal('message'), dialogId: z.string(), sequence: z.int(), role: Role }),
  /** An idle time is over. */
  z.object({ kind: z.literal('idle'), idle: IdleKind }),
  /** The consumer authenticated during the conversation. `from` and `to` are its ids. */
  z.object({ kind: z.literal('stepped-up'), from: z.string(), to: z.string() }),
])
export type ConversationChange = z.infer<typeof ConversationChange>
/** The name of a kind of change. */
export type ChangeKind = ConversationChange['kind']
/** A change of one kind, with the facts of that kind. */
export type ChangeOf<Kind extends ChangeKind> = Extract<ConversationChange, { kind: Kind }>

/** Stored rows call a content message `line`, the word of version 0.1.0: its nodes write and handle rows beside this node. */
const StoredChange = z.preprocess(
  (change) =>
    typeof change === 'object' && change !== null && 'kind' in change && change.kind === 'line'
      ? { ...change, kind: 'message' }
      : change,
  ConversationChange,
)

/** What an observer's outbox row carries: the change as it was at its commit, whenever the row is handled. */
export const ChangeFacts = z.object({
  change: StoredChange,
  /** When it happened, in milliseconds since 1970. */
  at: z.number(),
  /** The participant that made the change; the Controller Bot where time did. */
  originator: Originator,
  /** The address that the change was requested from. */
  clientIp: z.string().optional(),
  /** What the originator's client said of itself, unless it is what the conversation was opened with. */
  clientProperties: ClientProperties.optional(),
  /** Whether the contact centre was closed then. */
  offHours: z.boolean(),
  /** Whether the conversation was open before the change. */
  oldState: Openness,
  /** The conversation right after the change. */
  conversation: ConversationState,
  /**
   * Set once the default automatic message has not waited any longer for the function: when, and whether one was sent. It is the mark on
   * the event's row.
   */
  late: z.object({ at: z.number(), said: z.boolean() }).optional(),
  /** Set when a bot's commands caused the change. */
  causedBy: z
    .object({
      outboxId: z.number(),
      changeKind: z.string(),
      /** Ids of the events that bots have caused so far, one after the other, since a person acted or time passed. */
      chain: z.array(z.string()).optional(),
    })
    .optional(),
})
export type ChangeFacts = z.infer<typeof ChangeFacts>

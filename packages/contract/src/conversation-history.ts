import * as z from 'zod'
import {
  CampaignInfo,
  ClientProperties,
  Closer,
  ConversationContext,
  CsatRate,
  MessageCause,
  Openness,
  Participant,
  Role,
  RoutingStep,
  Ttr,
} from './conversations.ts'
import { InvocationState, WholeInvocation } from './invocations.ts'
import type { RouteSpec } from './route.ts'
import { Instant, listOf, StorableText } from './text.ts'

/** Who wrote or changed something: the published id of a participant, and the role that it had. */
const Writer = z.object({ id: z.string(), role: Role })

/** A conversation as lists show it, or a live chat. */
export const ConversationSummary = z.object({
  /** Nodes of before know conversations alone. */
  channel: z.enum(['messaging', 'chat']).default('messaging'),
  /** Of a live chat: its `chatId`. */
  conversationId: z.string(),
  /** Of a live chat: the id of the visitor. */
  consumerId: z.string(),
  /** As the profile or the form of the live chat says it; absent where nobody has. */
  consumerName: z.string().optional(),
  /** Whether the consumer has proved who it is. */
  authenticated: z.boolean(),
  /** Whether the main dialog is open. */
  state: Openness,
  /** Whether any dialog is open: a survey follows the main one. */
  stage: Openness,
  skillId: z.string(),
  /** The id of the user who serves it. */
  assignedAgentId: z.string().optional(),
  startedAt: Instant,
  updatedAt: Instant,
  endedAt: Instant.optional(),
  closedBy: Closer.optional(),
  /** Waits for an agent since. */
  waitingSince: Instant.optional(),
  lastMessage: z
    .object({
      at: Instant,
      by: Writer,
      dialogId: z.string(),
      sequence: z.int(),
      event: z.unknown(),
    })
    .optional(),
  /** What will happen by itself, and when at the earliest. */
  timers: z.array(z.object({ name: z.string(), at: Instant })),
  /** How many runs of functions it has caused, and how many failed. Absent for a caller who may not read records. */
  runs: z.object({ total: z.int(), failed: z.int() }).optional(),
})
export type ConversationSummary = z.infer<typeof ConversationSummary>

/** A part of a conversation, with how many messages it has. */
const DialogSummary = z.object({
  dialogId: z.string(),
  type: z.enum(['MAIN', 'POST_SURVEY']),
  state: Openness,
  openedAt: Instant,
  closedAt: Instant.optional(),
  closedBy: Closer.optional(),
  closedCause: z.string().optional(),
  participants: z.array(Participant),
  messages: z.int(),
})

/** A conversation with what was said of it when it began, and who takes part. */
export const WholeConversation = ConversationSummary.extend({
  dialogs: z.array(DialogSummary),
  ttr: Ttr,
  /** When an answer is due. */
  answerDueAt: Instant.optional(),
  firstConversation: z.boolean(),
  openedOffHours: z.boolean(),
  context: ConversationContext.optional(),
  clientProperties: ClientProperties.optional(),
  campaignInfo: CampaignInfo.optional(),
  csat: CsatRate.optional(),
})
export type WholeConversation = z.infer<typeof WholeConversation>

/** What may stand in a timeline. */
export const TIMELINE_KINDS = ['event', 'message', 'run'] as const

/** One entry of a conversation's timeline. */
export const TimelineEntry = z.discriminatedUnion('kind', [
  /** What happened in the conversation itself. */
  z.object({
    kind: z.literal('event'),
    at: Instant,
    type: z.enum([
      'opened',
      'dialog-opened',
      'dialog-closed',
      'closed',
      'timer-set',
      'timer-fired',
      'timer-cancelled',
      ...RoutingStep.shape.kind.options,
    ]),
    dialogId: z.string().optional(),
    /** Who joined or left. */
    userId: z.string().optional(),
    pid: z.string().optional(),
    role: Role.optional(),
    /** Skills or agents, of changes of the skill and of transfers. */
    from: z.string().optional(),
    to: z.string().optional(),
    /** Who did it. */
    by: z.string().optional(),
    /** Of a timer: which one, and when it is or was due. */
    timer: z.string().optional(),
    dueAt: Instant.optional(),
  }),
  /** A message, or that one was received or read. Private ones have the audience `AGENTS_AND_MANAGERS`. */
  z.object({
    kind: z.literal('message'),
    at: Instant,
    dialogId: z.string(),
    sequence: z.int(),
    by: Writer,
    audience: z.enum(['ALL', 'AGENTS_AND_MANAGERS']),
    event: z.looseObject({ type: z.string() }),
    metadata: z.array(z.looseObject({})).optional(),
    /** Of an automatic message: which runs were asked about its event. Older messages lack it. */
    cause: MessageCause.optional(),
  }),
  /** A function that the conversation has caused: the event with its payload, the result, and what became of its commands. */
  z.object({ kind: z.literal('run'), at: Instant, run: WholeInvocation }),
])
export type TimelineEntry = z.infer<typeof TimelineEntry>

const InAccount = z.object({ accountId: z.string() })
const OneConversation = InAccount.extend({ conversationId: z.string() })
const base = '/api/v1/accounts/:accountId/conversations'
const Id = StorableText.max(128)
const Page = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of another page. */
  after: z.string().optional(),
}

export const listConversations = {
  method: 'GET',
  path: base,
  auth: 'conversation:read',
  summary:
    'Conversations, live chats or both that the caller may see, the newest first: by state, skill, agent, consumer, words and time',
  params: InAccount,
  query: z.object({
    channel: z.enum(['messaging', 'chat', 'all']).default('messaging'),
    state: Openness.optional(),
    skillId: listOf(Id),
    /** Of an agent who is or was in it: the user's id or pid. */
    agentId: listOf(Id),
    /** Of live chats: the id of the visitor, or the name or the address that the consumer has given, in any case. */
    consumerId: Id.optional(),
    /** The id of the consumer or the visitor, or a part of the name; of live chats, also of the address. In any case. */
    consumer: Id.optional(),
    /** Of live chats alone, with `channel=chat`: the id of the visitor. */
    visitorId: Id.optional(),
    /** Words that one of its messages contains, in any order; those between double quotes stay together. */
    text: StorableText.min(1).max(200).optional(),
    /** Began at or after, and before. */
    from: Instant.optional(),
    to: Instant.optional(),
    ...Page,
  }),
  reply: z.object({ conversations: z.array(ConversationSummary), next: z.string().optional() }),
} as const satisfies RouteSpec

export const getConversation = {
  method: 'GET',
  path: `${base}/:conversationId`,
  auth: 'conversation:read',
  summary: 'One conversation: dialogs, participants, and what its client said when it began',
  params: OneConversation,
  reply: WholeConversation,
} as const satisfies RouteSpec

export const readTimeline = {
  method: 'GET',
  path: `${base}/:conversationId/timeline`,
  auth: 'conversation:read',
  summary:
    'What happened, what was said and what ran, the oldest first. Runs are for callers who may read records',
  params: OneConversation,
  query: z.object({
    kind: listOf(z.enum(TIMELINE_KINDS)),
    from: Instant.optional(),
    to: Instant.optional(),
    ...Page,
  }),
  reply: z.object({ entries: z.array(TimelineEntry), next: z.string().optional() }),
} as const satisfies RouteSpec

/** What who serves a conversation sees of a function that ran in it. */
export const ConversationRun = z.object({
  recordId: z.string(),
  functionName: z.string().optional(),
  startedAt: Instant,
  outcome: InvocationState,
})
export type ConversationRun = z.infer<typeof ConversationRun>

export const listConversationRuns = {
  method: 'GET',
  path: `${base}/:conversationId/runs`,
  auth: 'conversation:read',
  summary:
    'Which functions ran in a conversation, when, and how that ended; the newest first. What they got and returned needs `record:read`',
  params: OneConversation,
  query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
  reply: z.object({ runs: z.array(ConversationRun) }),
} as const satisfies RouteSpec

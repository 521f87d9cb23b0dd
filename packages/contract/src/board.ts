import * as z from 'zod'
import { Openness, TtrType } from './conversations.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, StorableText } from './text.ts'

/** Where something happened: in a conversation, or in a live chat. */
export const FIGURE_CHANNELS = ['messaging', 'chat'] as const
export type FigureChannel = (typeof FIGURE_CHANNELS)[number]

/** What is counted of conversations and live chats, each in the commit that makes it true. */
export const FIGURE_MEASURES = [
  'opened',
  'closed',
  /** From the consumer's first message to the first answer of an agent or a bot. */
  'firstAnswer',
  /** From the moment at which an agent got it to the one at which the agent gave it away or it ended. */
  'handled',
  'transferred',
  /** Scores of surveys, and ratings without one: from 1 to 5. */
  'satisfaction',
  /** Counted once for each conversation and kind. */
  'answeredByPerson',
  'answeredByBot',
  'answeredByFunction',
  /** Somebody has answered, and no person has. */
  'closedWithoutPerson',
] as const
export type FigureMeasure = (typeof FIGURE_MEASURES)[number]

const Count = z.int().nonnegative()

/** Durations: medians and percentiles are upper bounds of classes of durations. */
const Durations = z.object({
  count: Count,
  averageMs: z.number().optional(),
  medianMs: z.number().optional(),
  p90Ms: z.number().optional(),
})
export type Durations = z.infer<typeof Durations>

/** What happened in a window: of one skill, one agent or one hour, or of all together. */
export const FigureRow = z.object({
  /** Id of the skill (`-1` for none) or of the agent; beginning of the hour. Absent where nobody was assigned, and in the total. */
  key: z.string().optional(),
  opened: Count,
  closed: Count,
  transferred: Count,
  answeredByPerson: Count,
  answeredByBot: Count,
  answeredByFunction: Count,
  closedWithoutPerson: Count,
  firstAnswer: Durations,
  handled: Durations,
  satisfaction: z.object({ count: Count, average: z.number().optional() }),
})
export type FigureRow = z.infer<typeof FigureRow>

/** Why a conversation needs somebody's eye. */
export const RISKS = ['late', 'urgent', 'idle'] as const
export type Risk = (typeof RISKS)[number]

/** The conversations and chats that are open in one skill. */
export const BoardQueue = z.object({
  /** `-1`: without a skill. */
  skillId: z.string(),
  waiting: Count,
  /** Waiting, or with a message that nobody has answered, for longer than the time to respond. */
  late: Count,
  /** Of those that wait, the one that waits longest. */
  waitingSince: Instant.optional(),
  /** The account's time to respond. */
  targetMs: z.int(),
  /** Assigned to a person, and to a bot of this server. */
  withPeople: Count,
  withBots: Count,
})
export type BoardQueue = z.infer<typeof BoardQueue>

/** An agent who was there at some time, or a bot. */
export const BoardAgent = z.object({
  userId: z.string(),
  name: z.string(),
  isBot: z.boolean(),
  availability: z.enum(['ONLINE', 'OCCUPIED', 'BACK_SOON', 'AWAY', 'OFFLINE']),
  /** When this changed last; absent where that was not noted yet. */
  since: Instant.optional(),
  /** Conversations that it has or that ring it, of at most `maxSlots`. */
  slots: Count,
  maxSlots: Count,
  chats: Count,
  /** Of its conversations and chats, those whose answer is late. */
  late: Count,
})
export type BoardAgent = z.infer<typeof BoardAgent>

/** A conversation or a chat that is open. */
export const BoardConversation = z.object({
  channel: z.enum(FIGURE_CHANNELS),
  id: z.string(),
  /** Absent in live chats, whose consumers have only a name. */
  consumerId: z.string().optional(),
  /** As the profile or the form of the live chat says it; empty where nobody has. */
  consumerName: z.string().default(''),
  skillId: z.string(),
  agentId: z.string().optional(),
  isWithBot: z.boolean(),
  startedAt: Instant,
  waitingSince: Instant.optional(),
  /** The oldest message of the consumer that nobody has answered. */
  unansweredSince: Instant.optional(),
  answerDueAt: Instant.optional(),
  ttrType: TtrType.optional(),
  risks: z.array(z.enum(RISKS)),
})
export type BoardConversation = z.infer<typeof BoardConversation>

const InAccount = z.object({ accountId: z.string() })
const base = '/api/v1/accounts/:accountId'
const Id = StorableText.max(128)

export const getBoard = {
  method: 'GET',
  path: `${base}/board`,
  auth: 'conversation:manage',
  summary:
    'What is open now: queues by skill, agents with their load, and conversations, those at risk first',
  params: InAccount,
  query: z.object({
    /** Only conversations at this risk; queues and agents are always all. */
    risk: z.enum([...RISKS, 'any', 'waiting']).optional(),
    skillId: Id.optional(),
    agentId: Id.optional(),
    from: z.coerce.number().int().min(0).max(100_000).default(0),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({
    at: Instant,
    queues: z.array(BoardQueue),
    agents: z.array(BoardAgent),
    /** All that are open, and how many of them are at which risk. */
    open: Count,
    waiting: Count,
    risks: z.object({ late: Count, urgent: Count, idle: Count, any: Count }),
    /** How many fit the query; `conversations` is one page of them. */
    found: Count,
    conversations: z.array(BoardConversation),
    /** There are more than the board counts: the first 20,000 conversations and 10,000 chats. */
    isCut: z.boolean(),
  }),
} as const satisfies RouteSpec

const Window = z.object({
  from: Instant,
  /** Exclusive; now unless given. At most 31 days after `from`. */
  to: Instant.optional(),
  by: z.enum(['skill', 'agent', 'hour']).default('skill'),
  channel: z.enum(FIGURE_CHANNELS).optional(),
})

export const getFigures = {
  method: 'GET',
  path: `${base}/figures`,
  auth: 'conversation:manage',
  summary:
    'What happened in conversations and live chats in a time: counts, first answers, handling and satisfaction, by skill, agent or hour',
  params: InAccount,
  query: Window,
  reply: z.object({ from: Instant, to: Instant, rows: z.array(FigureRow), total: FigureRow }),
} as const satisfies RouteSpec

export const exportFigures = {
  method: 'GET',
  path: `${base}/figures.csv`,
  auth: 'conversation:manage',
  audit: 'figures.exported',
  summary: 'The same as CSV, one line for each skill, agent or hour',
  params: InAccount,
  query: Window,
  answers: ['text/csv'],
} as const satisfies RouteSpec

export const routeConversation = {
  method: 'POST',
  path: `${base}/conversations/:conversationId/routing`,
  auth: 'conversation:manage',
  audit: 'conversation.routed',
  summary:
    'Takes an open conversation over, joins it beside its agent, asks another agent to take it, moves it to another skill or back to its queue, makes it urgent, or closes it',
  params: InAccount.extend({ conversationId: z.string() }),
  body: z.discriminatedUnion('action', [
    /** The caller becomes its assigned agent; only a user can. */
    z.object({ action: z.literal('take') }),
    /** The caller takes part as a manager, beside the agent, until it leaves; only a user can. */
    z.object({ action: z.literal('join') }),
    z.object({ action: z.literal('leave') }),
    /** That agent is asked before all others. */
    z.object({ action: z.literal('agent'), agentId: Id }),
    z.object({ action: z.literal('skill'), skillId: Id }),
    z.object({ action: z.literal('queue') }),
    z.object({ action: z.literal('urgent') }),
    z.object({ action: z.literal('close') }),
  ]),
  reply: z.object({
    conversationId: z.string(),
    state: Openness,
    skillId: z.string(),
    assignedAgentId: z.string().optional(),
  }),
} as const satisfies RouteSpec

export const setAgentAvailability = {
  method: 'PUT',
  path: `${base}/agents/:userId/availability`,
  auth: 'conversation:manage',
  audit: 'agent.availability-set',
  summary: 'Sets an agent who is there online or away: who is away is asked for nothing',
  params: InAccount.extend({ userId: AskedId }),
  body: z.object({ availability: z.enum(['ONLINE', 'AWAY']) }),
  status: 204,
} as const satisfies RouteSpec

/** To whom an agent can give a conversation or a live chat. */
export const TransferTargets = z.object({
  skills: z.array(
    z.object({
      skillId: z.string(),
      /** Other agents who have it and are asked at once: who is occupied takes what is transferred. */
      online: Count,
      /** Conversations and live chats. */
      waiting: Count,
    }),
  ),
  /** All but the caller; who is there comes first. */
  agents: z.array(
    BoardAgent.pick({
      userId: true,
      name: true,
      isBot: true,
      availability: true,
      slots: true,
      maxSlots: true,
    }),
  ),
})
export type TransferTargets = z.infer<typeof TransferTargets>

export const listTransferTargets = {
  method: 'GET',
  path: `${base}/transfer-targets`,
  auth: 'conversation:read',
  summary:
    'To whom a conversation can be given: skills with how many wait and how many are there, and agents with their load',
  params: InAccount,
  query: z.object({
    /** Only agents who have this skill. */
    skillId: AskedId.max(200).optional(),
  }),
  reply: TransferTargets,
} as const satisfies RouteSpec

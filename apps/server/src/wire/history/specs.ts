import type { RouteSpec } from '@parley/contract'
import * as z from 'zod'

const InAccount = z.object({ accountId: z.string() })
const base = '/messaging_history/api/account/:accountId'
const auth = 'conversation:read'

/** Published samples send numbers and texts alike. */
const Id = z.union([z.string().max(128), z.number()]).transform(String)
const Ids = z.array(Id).max(1000)
const Instant = z.union([z.int(), z.string().regex(/^\d{1,15}$/)]).transform(Number)
const Range = z.object({ from: Instant, to: Instant })
const PartialRange = z.object({
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
})
const Content = z.array(z.string().max(50)).max(50)

const Paging = z.object({
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  sort: z
    .string()
    .regex(/^(start|end)(:(asc|desc))?$/, 'must be start or end, with :asc or :desc')
    .default('start:asc'),
  v: z.string().optional(),
})

const Filter = z.object({
  start: Range.optional(),
  end: Range.optional(),
  status: z.array(z.enum(['OPEN', 'CLOSE'])).optional(),
  skillIds: Ids.optional(),
  latestSkillIds: Ids.optional(),
  agentIds: Ids.optional(),
  latestAgentIds: Ids.optional(),
  keyword: z.string().min(1).max(200).optional(),
  duration: PartialRange.optional(),
  csat: PartialRange.optional(),
  source: z.array(z.string()).optional(),
  device: z.array(z.string()).optional(),
  latestConversationQueueState: z.enum(['IN_QUEUE', 'ACTIVE']).optional(),
  contentToRetrieve: Content.optional(),
})

/** Intervals may span three months at most. */
const MAX_MS = 93 * 24 * 3600_000

export const searchConversations = {
  method: 'POST',
  path: `${base}/conversations/search`,
  auth,
  audit: false,
  summary: 'Conversations by time, state, skill, agent and words, page by page',
  params: InAccount,
  query: Paging,
  body: Filter.required({ start: true }).refine(({ start }) => start.to - start.from <= MAX_MS, {
    message: 'must span at most three months',
    path: ['start'],
  }),
} as const satisfies RouteSpec

export const searchConversation = {
  method: 'POST',
  path: `${base}/conversations/conversation/search`,
  auth,
  audit: false,
  summary: 'One conversation, or several, by their ids',
  params: InAccount,
  body: z
    .object({
      conversationId: z.string().max(128).optional(),
      conversationIds: z.array(z.string().max(128)).max(100).optional(),
      contentToRetrieve: Content.optional(),
    })
    .refine((body) => body.conversationId !== undefined || body.conversationIds !== undefined, {
      message: 'is missing',
      path: ['conversationId'],
    }),
} as const satisfies RouteSpec

export const searchConsumer = {
  method: 'POST',
  path: `${base}/conversations/consumer/search`,
  auth,
  audit: false,
  summary: 'The conversations of one consumer, page by page',
  params: InAccount,
  query: Paging,
  body: z.object({
    consumer: z.string().min(1).max(128),
    status: z.array(z.enum(['OPEN', 'CLOSE'])).optional(),
    contentToRetrieve: Content.optional(),
  }),
} as const satisfies RouteSpec

export const agentStatus = {
  method: 'POST',
  path: `${base}/agent-view/status`,
  auth,
  audit: false,
  summary:
    'How agents of these skills are now; those that are logged in, unless others are asked for',
  params: InAccount,
  query: z.object({
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
    limit: z.coerce.number().int().min(1).max(1000).default(50),
  }),
  body: z
    .object({
      skillIds: Ids.optional(),
      agentIds: Ids.optional(),
      status: z.array(z.string()).optional(),
      agentPresence: z.boolean().optional(),
      connectionStates: z.array(z.enum(['CONNECTED', 'DISCONNECTED'])).optional(),
    })
    .prefault({}),
} as const satisfies RouteSpec

export const queueHealth = {
  method: 'GET',
  path: '/operations/api/account/:accountId/msgqueuehealth/current/',
  auth,
  summary: 'How many conversations wait, and for how long',
  params: InAccount,
  query: z.object({ skillIds: z.string().max(5000).optional(), v: z.string().optional() }),
} as const satisfies RouteSpec

export const setVisitorAttributes = {
  method: 'PUT',
  path: '/api/account/:accountId/monitoring/visitors/:visitorId/visits/current/events',
  auth: 'account',
  audit: { as: 'visitor.changed', of: 'people' },
  summary: "Sets engagement attributes of a visitor's session",
  params: InAccount.extend({ visitorId: z.string().min(1).max(200) }),
  query: z.object({ v: z.string().optional(), sid: z.string().max(200).optional() }),
  body: z
    .array(z.looseObject({ type: z.string().min(1).max(50) }))
    .min(1)
    .max(50),
  bodyLimit: 65_536,
} as const satisfies RouteSpec

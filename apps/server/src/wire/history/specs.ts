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
const Words = z.array(z.string().max(100)).max(100)
/** Published as capitals; bots send small letters, too. */
const Statuses = z
  .array(
    z
      .string()
      .max(20)
      .toUpperCase()
      .pipe(z.enum(['OPEN', 'CLOSE'])),
  )
  .max(10)
/** A phrase is published in quotation marks; without them it is a phrase here as well. */
const Keyword = z.string().min(1).max(200).transform(unquoted)
/** A published filter that is not known here: to leave it out would find what was not asked for. */
const NotSupported = z
  .unknown()
  .refine(isNothing, 'is not supported by this server: conversations cannot be found by it')
  .optional()

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
  fullDialogEndTime: Range.optional(),
  latestUpdateTime: z.object({ from: Instant }).optional(),
  status: Statuses.optional(),
  skillIds: Ids.optional(),
  latestSkillIds: Ids.optional(),
  agentIds: Ids.optional(),
  latestAgentIds: Ids.optional(),
  keyword: Keyword.optional(),
  duration: PartialRange.optional(),
  csat: PartialRange.optional(),
  source: Words.optional(),
  device: Words.optional(),
  latestConversationQueueState: z.enum(['IN_QUEUE', 'ACTIVE']).optional(),
  conversationsWithStepUpOnly: z.boolean().optional(),
  contentToRetrieve: Content.optional(),
  agentGroupIds: NotSupported,
  agentSurveySearch: NotSupported,
  alertedMcsValues: NotSupported,
  annotationStates: NotSupported,
  answerText: NotSupported,
  fcr: NotSupported,
  intentConfidenceScore: NotSupported,
  intentName: NotSupported,
  invalidFreeTextAnswer: NotSupported,
  mcs: NotSupported,
  messageContentTypes: NotSupported,
  nps: NotSupported,
  questionBrick: NotSupported,
  responseTime: NotSupported,
  sdeSearch: NotSupported,
  summary: NotSupported,
  surveyBotConversations: NotSupported,
  surveyIds: NotSupported,
  userPermissions: NotSupported,
})

function unquoted(text: string): string {
  const isQuoted = text.length > 2 && text.startsWith('"') && text.endsWith('"')
  return isQuoted ? text.slice(1, -1) : text
}

/** Forms send each of their filters, also those that nobody has filled in. */
function isNothing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isNothing)
  return value === undefined || value === null || value === ''
}

export const searchConversations = {
  method: 'POST',
  path: `${base}/conversations/search`,
  auth,
  audit: false,
  summary: 'Conversations by time, state, skill, agent and words, page by page',
  params: InAccount,
  query: Paging,
  body: Filter.required({ start: true }),
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
    status: Statuses.optional(),
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
    limit: z.coerce.number().int().min(1).max(2500).default(50),
  }),
  body: z
    .object({
      skillIds: Ids.optional(),
      agentIds: Ids.optional(),
      agentGroupIds: NotSupported,
      status: z.array(z.string().max(20).toUpperCase()).max(10).optional(),
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

import * as z from 'zod'
import {
  ChatSurveyForm,
  ChatSurveySubmission,
  CsatRank,
  QuestionWithAnswer,
} from './chat-survey.ts'
import { ChatEnder, ChatEndReason, ChatEntry } from './chat-entry.ts'
import { SentCampaign, SentContext } from './messaging.ts'
import type { RouteSpec } from './route.ts'
import {
  AskedId,
  ClientToken,
  EmailAddress,
  Instant,
  MAX_MESSAGE_CHARACTERS,
  StorableText,
  Uuid,
} from './text.ts'

export const MAX_CHAT_LINE_CHARACTERS = MAX_MESSAGE_CHARACTERS

export const ChatStage = z.enum(['waiting', 'active', 'ended'])
export type ChatStage = z.infer<typeof ChatStage>

export const ChatAgent = z.object({ agentId: z.string(), name: z.string() })
export type ChatAgent = z.infer<typeof ChatAgent>

/** What the consumer of a chat may see of it. */
export const ConsumerChat = z.object({
  chatId: Uuid,
  stage: ChatStage,
  skillId: z.string(),
  skillName: z.string(),
  agentName: z.string().optional(),
  startedAt: Instant,
  endedAt: Instant.optional(),
  endedBy: ChatEnder.optional(),
  endReason: ChatEndReason.optional(),
  /** Whether there is a survey: `open` until it is submitted or a day after the end. */
  survey: z.enum(['none', 'open', 'submitted', 'expired']),
})
export type ConsumerChat = z.infer<typeof ConsumerChat>

export const Chat = ConsumerChat.extend({
  consumer: z.object({ name: z.string(), email: z.string().optional() }),
  /** Who serves it now. */
  agent: ChatAgent.optional(),
  /** Who served it, in order; the last one is the agent that functions and rules know. */
  agents: z.array(ChatAgent),
  /** Who has joined it as a manager, beside who serves it, and has not left. Nodes of before know none. */
  managers: z.array(ChatAgent).default([]),
  /** The only agent who may accept it while it waits. */
  offeredTo: ChatAgent.optional(),
  waitingSince: Instant.optional(),
  acceptedAt: Instant.optional(),
  csatRank: CsatRank.optional(),
  questionWithAnswers: z.array(QuestionWithAnswer).optional(),
  submittedAt: Instant.optional(),
  /** Where the consumer came from, as its client said; visitor and session have ids in every case. */
  context: SentContext.optional(),
  campaignInfo: SentCampaign.optional(),
})
export type Chat = z.infer<typeof Chat>

const Name = StorableText.trim().min(1, 'must not be empty').max(200)
const InAccount = z.object({ accountId: z.string() })
const OneChat = InAccount.extend({ chatId: AskedId })

const LineDraft = z.object({
  text: StorableText.min(1, 'must not be empty').max(MAX_CHAT_LINE_CHARACTERS),
  /** A line sent again with the same id is kept once; another line with it is refused. */
  lineId: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -')
    .optional(),
})
const Typing = z.object({ typing: z.boolean() })
const From = z.object({ from: z.coerce.number().int().nonnegative().default(0) })

/** A stream opened by `EventSource` cannot send the token as a header. */
const Listening = From.extend({ token: z.string().optional() })
const Entries = z.object({
  entries: z.array(ChatEntry),
  /** Where to go on reading; absent at the end. */
  nextFrom: z.int().optional(),
})

const consumer = '/api/v1/accounts/:accountId/consumer/chats'

export const startConsumerChat = {
  method: 'POST',
  path: consumer,
  auth: 'public',
  summary: 'Starts a live chat in a skill; every other call for it takes the token as bearer',
  params: InAccount,
  body: z.object({
    skillId: z.string(),
    /** The chat's token, where the client makes it: a start that is sent again with it is the same chat. */
    token: ClientToken.optional(),
    name: Name.optional(),
    email: EmailAddress.max(254).optional(),
    text: LineDraft.shape.text.optional(),
    context: SentContext.optional(),
    campaignInfo: SentCampaign.optional(),
  }),
  reply: z.object({ token: z.string(), chat: ConsumerChat }),
  status: 201,
} as const satisfies RouteSpec

export const getConsumerChat = {
  method: 'GET',
  path: `${consumer}/:chatId`,
  auth: 'public',
  summary: 'The chat and what happened in it, for its consumer',
  params: OneChat,
  query: From,
  reply: Entries.extend({ chat: ConsumerChat }),
} as const satisfies RouteSpec

export const streamConsumerChat = {
  method: 'GET',
  path: `${consumer}/:chatId/events`,
  auth: 'public',
  summary: 'Server-sent events: `entry`, `chat` and `typing`; goes on after Last-Event-ID',
  params: OneChat,
  query: Listening,
  answers: ['text/event-stream'],
} as const satisfies RouteSpec

export const writeConsumerLine = {
  method: 'POST',
  path: `${consumer}/:chatId/lines`,
  auth: 'public',
  summary: 'The consumer writes',
  params: OneChat,
  body: LineDraft,
  reply: ChatEntry,
  status: 201,
} as const satisfies RouteSpec

export const setConsumerTyping = {
  method: 'POST',
  path: `${consumer}/:chatId/typing`,
  auth: 'public',
  summary: 'The consumer has begun or stopped typing',
  params: OneChat,
  body: Typing,
  status: 204,
} as const satisfies RouteSpec

export const endConsumerChat = {
  method: 'POST',
  path: `${consumer}/:chatId/end`,
  auth: 'public',
  summary: 'The consumer ends the chat',
  params: OneChat,
  reply: ConsumerChat,
} as const satisfies RouteSpec

export const getChatSurvey = {
  method: 'GET',
  path: `${consumer}/:chatId/survey`,
  auth: 'public',
  summary: 'The survey of an ended chat',
  params: OneChat,
  reply: z.object({ form: ChatSurveyForm, openUntil: Instant }),
} as const satisfies RouteSpec

export const submitChatSurvey = {
  method: 'POST',
  path: `${consumer}/:chatId/survey`,
  auth: 'public',
  summary: 'Submits the survey, once',
  params: OneChat,
  body: ChatSurveySubmission,
  reply: z.object({ submittedAt: Instant }),
  status: 201,
} as const satisfies RouteSpec

const chats = '/api/v1/accounts/:accountId/chats'

export const listChats = {
  method: 'GET',
  path: chats,
  auth: 'conversation:read',
  summary: 'Chats, those that wait longest first; ended ones newest first',
  params: InAccount,
  query: z.object({
    stage: ChatStage.default('waiting'),
    skillId: z.string().optional(),
    agentId: z.string().optional(),
    /** Of a user who has joined it as a manager. */
    managerId: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    /** What the last page answered as `next`. */
    after: z.string().optional(),
  }),
  reply: z.object({ chats: z.array(Chat), next: z.string().optional() }),
} as const satisfies RouteSpec

export const getChat = {
  method: 'GET',
  path: `${chats}/:chatId`,
  auth: 'conversation:read',
  summary: 'A chat and what happened in it',
  params: OneChat,
  query: From,
  reply: Entries.extend({ chat: Chat }),
} as const satisfies RouteSpec

export const streamChat = {
  method: 'GET',
  path: `${chats}/:chatId/events`,
  auth: 'conversation:read',
  summary:
    'Server-sent events of one chat: `entry`, `chat` and `typing`; goes on after Last-Event-ID',
  params: OneChat,
  query: From,
  answers: ['text/event-stream'],
} as const satisfies RouteSpec

export const streamChats = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/chat-events',
  auth: 'conversation:read',
  summary:
    'Server-sent events `chat` for every chat that changes and that the caller may see; `gone` for one that left its sight; `typing` of consumers whose chat the caller serves or has joined',
  params: InAccount,
  answers: ['text/event-stream'],
} as const satisfies RouteSpec

export const acceptChat = {
  method: 'POST',
  path: `${chats}/:chatId/accept`,
  auth: 'conversation:handle',
  summary: 'The calling agent takes a waiting chat of one of their skills',
  params: OneChat,
  reply: Chat,
} as const satisfies RouteSpec

export const writeAgentLine = {
  method: 'POST',
  path: `${chats}/:chatId/lines`,
  auth: 'conversation:handle',
  audit: { as: 'chat.line', of: 'acting' },
  summary:
    'The agent of the chat, or a manager who has joined it, writes: to its consumer, or a note for agents alone',
  params: OneChat,
  body: LineDraft.extend({ audience: z.enum(['ALL', 'AGENTS_AND_MANAGERS']).default('ALL') }),
  reply: ChatEntry,
  status: 201,
} as const satisfies RouteSpec

export const setAgentTyping = {
  method: 'POST',
  path: `${chats}/:chatId/typing`,
  auth: 'conversation:handle',
  audit: false,
  summary: 'Who may write for the agents of the chat has begun or stopped typing',
  params: OneChat,
  body: Typing,
  status: 204,
} as const satisfies RouteSpec

export const transferChat = {
  method: 'POST',
  path: `${chats}/:chatId/transfer`,
  auth: 'conversation:handle',
  summary:
    'The agent of the chat, or a manager, puts it back into the queue, of another skill or for one agent only',
  params: OneChat,
  body: z
    .object({ skillId: z.string().optional(), agentId: z.string().optional() })
    .refine(({ skillId, agentId }) => skillId ?? agentId, 'must name a skill or an agent'),
  reply: Chat,
} as const satisfies RouteSpec

export const joinChat = {
  method: 'POST',
  path: `${chats}/:chatId/join`,
  auth: 'conversation:manage',
  summary:
    'The calling user stands beside who serves the chat, as a manager: writes notes and lines until it leaves. The consumer is not told',
  params: OneChat,
  reply: Chat,
} as const satisfies RouteSpec

export const leaveChat = {
  method: 'POST',
  path: `${chats}/:chatId/leave`,
  auth: 'conversation:handle',
  summary: 'The calling user, who has joined the chat as a manager, goes',
  params: OneChat,
  reply: Chat,
} as const satisfies RouteSpec

export const endChat = {
  method: 'POST',
  path: `${chats}/:chatId/end`,
  auth: 'conversation:handle',
  summary: 'The agent of the chat, or a manager, ends it',
  params: OneChat,
  reply: Chat,
} as const satisfies RouteSpec

export const eraseChat = {
  method: 'DELETE',
  path: `${chats}/:chatId`,
  auth: 'conversation:manage',
  summary:
    'Erases an ended chat with its lines, its survey, its mails and what was decided about them',
  params: OneChat,
  status: 204,
} as const satisfies RouteSpec

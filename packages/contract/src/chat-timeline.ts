import * as z from 'zod'
import { CsatRank, QuestionWithAnswer } from './chat-survey.ts'
import { ChatEntry } from './chat-entry.ts'
import { Chat } from './chat.ts'
import { WholeInvocation } from './invocations.ts'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, listOf } from './text.ts'
import { TranscriptDecision, TranscriptMailRecord } from './transcripts.ts'

/** What may stand in the timeline of a live chat, in the order of what happened in one instant. */
export const CHAT_TIMELINE_KINDS = [
  'started',
  'entry',
  'survey',
  'run',
  'decision',
  'mail',
] as const

/** One entry of the timeline of a live chat. */
export const ChatTimelineEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), at: Instant }),
  /** A line, a note for agents, or that somebody took the chat, gave it away or ended it. */
  z.object({ kind: z.literal('entry'), at: Instant, entry: ChatEntry }),
  /** The survey was submitted: this raises the event of the transcript. */
  z.object({
    kind: z.literal('survey'),
    at: Instant,
    csatRank: CsatRank.optional(),
    questionWithAnswers: z.array(QuestionWithAnswer),
  }),
  /** A function that ran for the chat; each attempt has its own. */
  z.object({ kind: z.literal('run'), at: Instant, run: WholeInvocation }),
  /** Who gets the transcript, and what functions returned that is no mail. */
  z.object({ kind: z.literal('decision'), at: Instant, decision: TranscriptDecision }),
  /** A mail, where it was made, with what has become of it since. */
  z.object({ kind: z.literal('mail'), at: Instant, mail: TranscriptMailRecord }),
])
export type ChatTimelineEntry = z.infer<typeof ChatTimelineEntry>

export const readChatTimeline = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/chats/:chatId/timeline',
  auth: 'conversation:read',
  audit: 'chat-timeline.read',
  summary:
    'A live chat with what was said, what ran, who was decided to get its transcript and what became of the mails, the oldest first. Runs are for callers who may read records',
  params: z.object({ accountId: z.string(), chatId: AskedId }),
  query: z.object({
    kind: listOf(z.enum(CHAT_TIMELINE_KINDS)),
    from: Instant.optional(),
    to: Instant.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    /** `next` of another page. */
    after: z.string().optional(),
  }),
  reply: z.object({
    chat: Chat,
    /** What will happen by itself, and when at the earliest. */
    timers: z.array(z.object({ name: z.enum(['chat-silence', 'chat-survey']), at: Instant })),
    entries: z.array(ChatTimelineEntry),
    next: z.string().optional(),
  }),
} as const satisfies RouteSpec

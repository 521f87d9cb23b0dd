import {
  Answerer,
  ChatAgent,
  type ChatEntry,
  ChatEnder,
  ChatEndReason,
  ChatStage,
  ChatSurveyForm,
  CsatRank,
  messaging,
  QuestionWithAnswer,
} from '@parley/contract'
import * as z from 'zod'

const Survey = z.object({
  /** As it was configured when the chat ended. */
  form: ChatSurveyForm,
  openUntil: z.number(),
  submitted: z
    .object({
      at: z.number(),
      csatRank: CsatRank.optional(),
      questionWithAnswers: z.array(QuestionWithAnswer),
    })
    .optional(),
})

/** The state of a chat, stored as one versioned document. */
export const ChatState = z.object({
  chatId: z.string(),
  stage: ChatStage,
  skillId: z.string(),
  skillName: z.string(),
  consumer: z.object({ name: z.string(), email: z.string().optional() }),
  /** Absent in chats that were stored before clients sent it. */
  context: messaging.SentContext.optional(),
  campaignInfo: messaging.SentCampaign.optional(),
  /** SHA-256 of the token that the consumer was given. */
  tokenHash: z.string(),
  startedAt: z.number(),
  waitingSince: z.number().optional(),
  acceptedAt: z.number().optional(),
  lastLineAt: z.number().optional(),
  endedAt: z.number().optional(),
  endedBy: ChatEnder.optional(),
  endReason: ChatEndReason.optional(),
  agent: ChatAgent.optional(),
  agents: z.array(ChatAgent),
  /** Who has joined as a manager, beside who serves it, and has not left. Nobody in chats that were stored before. */
  managers: z.array(ChatAgent).default([]),
  /** Who alone may accept it, until an instant; for ever in chats that were stored before. */
  offeredTo: ChatAgent.extend({ until: z.number().optional() }).optional(),
  /** A bot of this server serves it. */
  servedByBot: z.boolean().optional(),
  /** The id of who served it before, and gave it away. */
  givenBy: z.string().optional(),
  /** When the oldest message of the consumer was written that nobody has answered. */
  unansweredSince: z.number().optional(),
  /** Who has answered the consumer so far, each named once. */
  answeredBy: z.array(Answerer).optional(),
  /** When its bot has warned the silent consumer; gone with the next message. */
  warnedAt: z.number().optional(),
  nextSequence: z.int(),
  /** Length of all messages together. Chats that were stored before this was counted begin at 0. */
  characters: z.int().default(0),
  survey: Survey.optional(),
  /** When the armed silence timer fires. It may fire without effect. */
  silenceTimerAt: z.number().optional(),
})
export type ChatState = z.infer<typeof ChatState>

export const CHAT = 'chat'

type WithoutTime<Entry> = Entry extends unknown ? Omit<Entry, 'at' | 'sequence'> : never

/** An entry that is to be added to the history of a chat. */
export type NewEntry = WithoutTime<ChatEntry>

import * as z from 'zod'
import { ChatSurveyForm } from '../chat-survey.ts'
import { groupWithPath } from './group.ts'

export const chat = groupWithPath('chat-settings', {
  purpose: 'How live chat works, and its survey',
  replaces: 'Replaces the settings of live chat; running chats keep the survey of their end',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({
    /** Whether consumers may start chats. */
    enabled: z.boolean().default(true),
    /** A chat that no agent accepts ends after this long. */
    notTakenAfterMs: z
      .int()
      .min(10_000)
      .max(86_400_000)
      .default(30 * 60_000),
    /** An accepted chat ends when neither side has written for this long. */
    silenceAfterMs: z
      .int()
      .min(10_000)
      .max(86_400_000)
      .default(15 * 60_000),
    /** More waiting chats than this are refused. */
    mostWaiting: z.int().min(1).max(10_000).default(1000),
    /** From one address, on one node; more are refused with 429. */
    startsPerMinute: z.int().min(1).max(100_000).default(30),
    /** Absent when there is no survey after a chat. */
    survey: ChatSurveyForm.optional(),
  }),
  otherNames: { maxWaiting: 'mostWaiting' },
})
export type ChatSettings = z.infer<typeof chat.schema>

export const { get: getChatSettings, put: setChatSettings } = chat

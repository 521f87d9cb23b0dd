import * as z from 'zod'
import { Instant } from './text.ts'

export const ChatSide = z.enum(['CONSUMER', 'AGENT'])
export type ChatSide = z.infer<typeof ChatSide>

export const ChatEnder = z.enum(['CONSUMER', 'AGENT', 'SYSTEM'])
export type ChatEnder = z.infer<typeof ChatEnder>

export const ChatEndReason = z.enum(['closed', 'silence', 'not-taken'])
export type ChatEndReason = z.infer<typeof ChatEndReason>

const entry = { sequence: z.int().nonnegative(), at: Instant }

/** What happened in a chat, one after the other; the transcript is made of these. */
export const ChatEntry = z.discriminatedUnion('type', [
  z.object({
    ...entry,
    type: z.literal('line'),
    by: ChatSide,
    name: z.string(),
    text: z.string(),
    /** The writer's own id of the line, if one was given. */
    lineId: z.string().optional(),
  }),
  z.object({ ...entry, type: z.literal('accepted'), name: z.string() }),
  z.object({
    ...entry,
    type: z.literal('transferred'),
    /** Who gave it away. */
    name: z.string(),
    skillName: z.string(),
    /** The agent whom it was offered to. */
    toName: z.string().optional(),
  }),
  z.object({ ...entry, type: z.literal('ended'), by: ChatEnder, reason: ChatEndReason }),
  /** A manager came to stand beside who serves it, or went: told to agents alone, as notes are. */
  z.object({ ...entry, type: z.literal('joined'), name: z.string() }),
  z.object({ ...entry, type: z.literal('left'), name: z.string() }),
  /** What a bot, an agent or a manager tells agents: consumers and transcripts never get it. */
  z.object({
    ...entry,
    type: z.literal('note'),
    name: z.string(),
    text: z.string(),
    lineId: z.string().optional(),
  }),
])
export type ChatEntry = z.infer<typeof ChatEntry>

/** What everybody in a chat may see. */
export type SharedChatEntry = Exclude<ChatEntry, { type: 'note' | 'joined' | 'left' }>

export function isShared(entry: ChatEntry): entry is SharedChatEntry {
  return entry.type !== 'note' && entry.type !== 'joined' && entry.type !== 'left'
}

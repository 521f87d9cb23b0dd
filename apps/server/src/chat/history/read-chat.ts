import type { Chat, ChatEntry, TranscriptDecision, TranscriptMailRecord } from '@parley/contract'
import { agentView, type ChatState, getSeenChat, silenceEndsAt } from '#chat/live-chat'
import { listMailsOfChat, type MailRange, mailView } from '#chat/mail'
import { findDecision } from '#chat/transcripts'
import type { Reader } from '#messaging/reading'
import type { ChatHistoryDeps } from './deps.ts'
import { type EntryRange, listEntriesByTime } from './repository.ts'

/** What will happen to a chat by itself, and when. */
export interface ChatTimer {
  name: 'chat-silence' | 'chat-survey'
  at: number
}

/** @throws ParleyError `chat_not_found`, also for a chat that the reader must not see */
export async function readChat(
  { store, clock, settings }: ChatHistoryDeps,
  accountId: string,
  reader: Reader,
  chatId: string,
): Promise<{ state: ChatState; chat: Chat; timers: ChatTimer[] }> {
  const { state } = await getSeenChat(store.db, accountId, reader, chatId)
  const now = clock.now()
  const silence = silenceEndsAt(state, (await settings.get(accountId)).chat)
  const { survey } = state
  const isOpen = survey !== undefined && !survey.submitted && survey.openUntil > now
  return {
    state,
    chat: agentView(state, now),
    timers: [
      ...(silence === undefined ? [] : [{ name: 'chat-silence' as const, at: silence }]),
      ...(isOpen ? [{ name: 'chat-survey' as const, at: survey.openUntil }] : []),
    ],
  }
}

/** What was said and who came, the oldest first. For who may see the chat. */
export function readEntries(
  { store }: Pick<ChatHistoryDeps, 'store'>,
  accountId: string,
  chatId: string,
  range: EntryRange,
): Promise<ChatEntry[]> {
  return listEntriesByTime(store.db, accountId, chatId, range)
}

/** Who was decided to get the transcript. For who may see the chat. */
export function readDecision(
  { store }: Pick<ChatHistoryDeps, 'store'>,
  accountId: string,
  chatId: string,
): Promise<TranscriptDecision | undefined> {
  return findDecision(store.db, accountId, chatId)
}

/** The mails about it, the oldest first. For who may see the chat. */
export async function readMails(
  { store }: Pick<ChatHistoryDeps, 'store'>,
  accountId: string,
  chatId: string,
  range: MailRange,
): Promise<TranscriptMailRecord[]> {
  return (await listMailsOfChat(store.db, accountId, chatId, range)).map(mailView)
}

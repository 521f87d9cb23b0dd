import {
  CHAT_TIMELINE_KINDS,
  type ChatTimelineEntry,
  type readChatTimeline as contract,
} from '@parley/contract'
import type * as z from 'zod'
import { chatSourcesOf } from './chat-sources.ts'
import type { HistoryDeps } from './deps.ts'
import { pageEntries } from './page-entries.ts'
import { instant } from './shapes.ts'
import { type Viewer, wantedBy } from './viewer.ts'

type TimelineQuery = z.output<typeof contract.query>
type Timeline = z.input<typeof contract.reply>

const CURSOR =
  /^\d{1,15}\.((started|survey|decision)|entry\.\d{1,9}|run\.[0-9a-f-]{36}|mail\.[0-9a-f-]{36})$/

/** A live chat with one page of what happened in it and because of it, oldest first. */
export async function readChatTimeline(
  deps: HistoryDeps,
  accountId: string,
  viewer: Viewer,
  chatId: string,
  { kind, ...page }: TimelineQuery,
): Promise<Timeline> {
  const wanted = wantedBy(viewer, CHAT_TIMELINE_KINDS, kind)
  const { state, chat, timers } = await deps.chats.read(accountId, viewer.reader, chatId)
  const sources = chatSourcesOf(deps, accountId, state)
  const found = await pageEntries<ChatTimelineEntry['kind'], ChatTimelineEntry>(sources, {
    ...page,
    order: CHAT_TIMELINE_KINDS,
    wanted,
    shape: CURSOR,
  })
  return { chat, timers: timers.map(({ name, at }) => ({ name, at: instant(at) })), ...found }
}
